package dev.millrace.adapters.postgres;

import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.SubscriptionType;
import dev.millrace.ports.contract.MessageHistoryContract;
import dev.millrace.ports.counter.Count;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.Counted;
import dev.millrace.ports.driven.Inbox;
import dev.millrace.ports.driven.MessageHistory;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

import java.sql.SQLException;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PostgresMessageHistoryTest implements MessageHistoryContract {

    private final TestDatabase database;

    PostgresMessageHistoryTest() throws SQLException {
        database = TestDatabase.create();
    }

    @BeforeEach
    void begin_empty() throws SQLException {
        database.empty();
    }

    @AfterAll
    void drop() {
        database.close();
    }

    @Override
    public MessageHistory history() {
        return new PostgresMessageHistory(database.database(), TENANT, NAMESPACE);
    }

    @Override
    public Inbox<CountEvent, Count, Counted> inbox(SubscriptionId subscription) {
        return new PostgresInbox<>(
                database.database(),
                subscription,
                SubscriptionType.KEY_SHARED,
                new CounterStateStore(subscription.toString()));
    }

    @Override
    public void makeUnavailable() {
        database.makeUnavailable();
    }

    @Override
    public void makeAvailable() {
        database.makeAvailable();
    }
}
