package dev.millrace.ports.fake;

import dev.millrace.domain.MessageId;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.ports.contract.CrashRecordsContract;
import dev.millrace.ports.contract.MessageHistoryContract;
import dev.millrace.ports.contract.QuarantinedCopy;
import dev.millrace.ports.contract.RecordStoreContract;
import dev.millrace.ports.contract.TracingContract;
import dev.millrace.ports.counter.Count;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.Counted;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.driven.CrashRecords;
import dev.millrace.ports.driven.Inbox;
import dev.millrace.ports.driven.MessageHistory;
import dev.millrace.ports.driven.RecordStore;
import dev.millrace.ports.driven.Tracing;

import org.junit.jupiter.api.Nested;

import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

final class InMemoryRecordsTest {

    private final InMemoryDatabase database = new InMemoryDatabase();
    private final Map<SubscriptionId, Inbox<CountEvent, Count, Counted>> inboxes = new HashMap<>();

    private Inbox<CountEvent, Count, Counted> inboxOf(SubscriptionId subscription) {
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

    @Nested
    final class RecordStoreTest implements RecordStoreContract {

        @Override
        public RecordStore records() {
            return new InMemoryRecordStore(database);
        }

        @Override
        public Inbox<CountEvent, Count, Counted> inbox(SubscriptionId subscription) {
            return inboxOf(subscription);
        }

        @Override
        public int copiesOf(SubscriptionId subscription, MessageId messageId) {
            return database.copies(subscription, messageId);
        }

        @Override
        public List<QuarantinedCopy> quarantine(SubscriptionId subscription) {
            return database.quarantine(subscription);
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

    @Nested
    final class CrashRecordsTest implements CrashRecordsContract {

        @Override
        public CrashRecords crashes(SubscriptionId subscription, String process) {
            return new InMemoryCrashRecords(database, subscription, process);
        }

        @Override
        public Inbox<CountEvent, Count, Counted> inbox(SubscriptionId subscription) {
            return inboxOf(subscription);
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

    @Nested
    final class MessageHistoryTest implements MessageHistoryContract {

        @Override
        public MessageHistory history() {
            return new InMemoryMessageHistory(database, TENANT, NAMESPACE);
        }

        @Override
        public Inbox<CountEvent, Count, Counted> inbox(SubscriptionId subscription) {
            return inboxOf(subscription);
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

    @Nested
    final class TracingTest implements TracingContract {

        private final InMemoryTracing tracing = new InMemoryTracing(database);

        @Override
        public Tracing tracing() {
            return tracing;
        }

        @Override
        public void loseEffect(SubscriptionId subscription, MessageId messageId) {
            tracing.loseEffect(messageId);
        }

        @Override
        public Inbox<CountEvent, Count, Counted> inbox(SubscriptionId subscription) {
            return inboxOf(subscription);
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
}
