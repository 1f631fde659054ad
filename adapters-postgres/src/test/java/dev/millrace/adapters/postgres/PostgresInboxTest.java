package dev.millrace.adapters.postgres;

import dev.millrace.domain.AfterQuarantine;
import dev.millrace.domain.SubscriptionType;
import dev.millrace.ports.contract.ParkedEventsContract;
import dev.millrace.ports.counter.Count;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.Counted;
import dev.millrace.ports.driven.MessageHistory;
import dev.millrace.ports.driven.ParkedEvents;

import java.sql.SQLException;

/** The contract on a subscription that keeps order: the key rows serialise the lanes. */
final class PostgresInboxTest extends CounterInboxTests implements ParkedEventsContract {

    PostgresInboxTest() throws SQLException {
        super(SubscriptionType.KEY_SHARED);
    }

    @Override
    public ParkedEvents<CountEvent, Count, Counted> parkedEvents(AfterQuarantine afterQuarantine) {
        return parked(afterQuarantine);
    }

    @Override
    public MessageHistory history() {
        return outcomes();
    }
}
