package dev.millrace.adapters.postgres;

import dev.millrace.domain.SubscriptionType;

import java.sql.SQLException;

/** The contract on a subscription that keeps order: the key rows serialise the lanes. */
final class PostgresInboxTest extends CounterInboxTests {

    PostgresInboxTest() throws SQLException {
        super(SubscriptionType.KEY_SHARED);
    }
}
