package dev.millrace.ports.fake;

import dev.millrace.domain.AfterQuarantine;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.ports.contract.OutboxContract;
import dev.millrace.ports.counter.Count;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.Counted;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.driven.Inbox;
import dev.millrace.ports.driven.Outbox;
import dev.millrace.ports.driven.ParkedEvents;
import dev.millrace.ports.driven.RecordStore;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

final class InMemoryOutboxTest implements OutboxContract {

    private final InMemoryDatabase database = new InMemoryDatabase();
    private final Map<SubscriptionId, InMemoryInbox<CountEvent, Count, Counted>> inboxes =
            new HashMap<>();

    private InMemoryInbox<CountEvent, Count, Counted> inboxOf(SubscriptionId subscription) {
        return inboxes.computeIfAbsent(
                subscription,
                id ->
                        new InMemoryInbox<>(
                                database,
                                id,
                                CounterStream.STREAM,
                                count -> count.value() >= 0,
                                InstantSource.system()));
    }

    @Override
    public Outbox outbox(SubscriptionId subscription) {
        return new InMemoryOutbox(database, subscription, InstantSource.system());
    }

    @Override
    public Inbox<CountEvent, Count, Counted> inbox(SubscriptionId subscription) {
        return inboxOf(subscription);
    }

    @Override
    public ParkedEvents<CountEvent, Count, Counted> parkedEvents(SubscriptionId subscription) {
        return new InMemoryParkedEvents<>(inboxOf(subscription), AfterQuarantine.WAITS);
    }

    @Override
    public RecordStore records() {
        return new InMemoryRecordStore(database);
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
