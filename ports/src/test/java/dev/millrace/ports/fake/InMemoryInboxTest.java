package dev.millrace.ports.fake;

import dev.millrace.domain.AfterQuarantine;
import dev.millrace.domain.FailedAttempt;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Tenant;
import dev.millrace.ports.contract.ParkedEventsContract;
import dev.millrace.ports.contract.QuarantinedCopy;
import dev.millrace.ports.counter.Count;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.Counted;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.driven.Inbox;
import dev.millrace.ports.driven.MessageHistory;
import dev.millrace.ports.driven.ParkedEvents;
import dev.millrace.ports.driven.RecordStore;

import java.time.InstantSource;
import java.util.List;

final class InMemoryInboxTest implements ParkedEventsContract {

    private final SubscriptionId subscription =
            new SubscriptionId(
                    new Tenant("millrace"), new Namespace("events"), CounterStream.NAME, "counts");
    private final InMemoryDatabase database = new InMemoryDatabase();
    private final InMemoryInbox<CountEvent, Count, Counted> inbox =
            new InMemoryInbox<>(
                    database,
                    subscription,
                    CounterStream.STREAM,
                    count -> count.value() >= 0,
                    InstantSource.system());

    @Override
    public Inbox<CountEvent, Count, Counted> inbox() {
        return inbox;
    }

    @Override
    public SubscriptionId subscription() {
        return subscription;
    }

    @Override
    public RecordStore records() {
        return new InMemoryRecordStore(database);
    }

    @Override
    public long stateOf(Key key) {
        return inbox.state(key).value();
    }

    @Override
    public List<Counted> effectsOf(Key key) {
        return inbox.effects(key).stream().map(booked -> booked.accepted().effect()).toList();
    }

    @Override
    public int copiesOf(MessageId messageId) {
        return database.copies(subscription, messageId);
    }

    @Override
    public List<QuarantinedCopy> quarantine() {
        return database.quarantine(subscription);
    }

    @Override
    public String recordOf(MessageId messageId) {
        return database.state(subscription, messageId);
    }

    @Override
    public List<MessageId> parkedOf(Key key) {
        return database.parked(subscription, key);
    }

    @Override
    public List<FailedAttempt> attemptsOf(MessageId messageId) {
        return database.attempts(subscription, messageId);
    }

    @Override
    public ParkedEvents<CountEvent, Count, Counted> parkedEvents(AfterQuarantine afterQuarantine) {
        return new InMemoryParkedEvents<>(inbox, afterQuarantine);
    }

    @Override
    public MessageHistory history() {
        return new InMemoryMessageHistory(
                database, subscription.tenant(), subscription.namespace());
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
