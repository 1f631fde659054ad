package dev.millrace.ports.fake;

import dev.millrace.domain.AfterQuarantine;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.ports.contract.OutboxContract;
import dev.millrace.ports.counter.Count;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.Counted;
import dev.millrace.ports.driven.Outbox;
import dev.millrace.ports.driven.ParkedEvents;
import dev.millrace.ports.driven.RecordStore;

import java.time.InstantSource;

final class InMemoryOutboxTest extends CounterTests implements OutboxContract {

    @Override
    public Outbox outbox(SubscriptionId subscription) {
        return new InMemoryOutbox(database, subscription, InstantSource.system());
    }

    @Override
    public ParkedEvents<CountEvent, Count, Counted> parkedEvents(SubscriptionId subscription) {
        return new InMemoryParkedEvents<>(inboxOf(subscription), AfterQuarantine.WAITS);
    }

    @Override
    public RecordStore records() {
        return new InMemoryRecordStore(database);
    }
}
