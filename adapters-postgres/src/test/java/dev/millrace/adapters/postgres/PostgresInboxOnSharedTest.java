package dev.millrace.adapters.postgres;

import dev.millrace.domain.SubscriptionType;

import java.sql.SQLException;

/** The contract where the engine locks no keys: the state store alone serialises the lanes. */
final class PostgresInboxOnSharedTest extends CounterInboxTests {

    PostgresInboxOnSharedTest() throws SQLException {
        super(SubscriptionType.SHARED);
    }
}
