package dev.millrace.adapters.postgres;

import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.SubscriptionType;
import dev.millrace.ports.counter.Count;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.Counted;
import dev.millrace.ports.driven.Inbox;

import java.sql.SQLException;

/** Tests in which events of the counter arrive, each subscription with counters of its own. */
abstract class CounterTests extends DatabaseTests {

    CounterTests() throws SQLException {}

    /** Where they arrive, in order per key. */
    public Inbox<CountEvent, Count, Counted> inbox(SubscriptionId subscription) {
        return new PostgresInbox<>(
                database.database(),
                subscription,
                SubscriptionType.KEY_SHARED,
                new CounterStateStore(subscription.toString()));
    }
}
