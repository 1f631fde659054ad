package dev.millrace.ports.fake;

import dev.millrace.domain.MessageId;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.ports.contract.CrashRecordsContract;
import dev.millrace.ports.contract.MessageHistoryContract;
import dev.millrace.ports.contract.QuarantinedCopy;
import dev.millrace.ports.contract.RecordStoreContract;
import dev.millrace.ports.contract.TracingContract;
import dev.millrace.ports.driven.CrashRecords;
import dev.millrace.ports.driven.MessageHistory;
import dev.millrace.ports.driven.RecordStore;
import dev.millrace.ports.driven.Tracing;

import org.junit.jupiter.api.Nested;

import java.util.List;

final class InMemoryRecordsTest {

    @Nested
    final class RecordStoreTest extends CounterTests implements RecordStoreContract {

        @Override
        public RecordStore records() {
            return new InMemoryRecordStore(database);
        }

        @Override
        public int copiesOf(SubscriptionId subscription, MessageId messageId) {
            return database.copies(subscription, messageId);
        }

        @Override
        public List<QuarantinedCopy> quarantine(SubscriptionId subscription) {
            return database.quarantine(subscription);
        }
    }

    @Nested
    final class CrashRecordsTest extends CounterTests implements CrashRecordsContract {

        @Override
        public CrashRecords crashes(SubscriptionId subscription, String process) {
            return new InMemoryCrashRecords(database, subscription, process);
        }
    }

    @Nested
    final class MessageHistoryTest extends CounterTests implements MessageHistoryContract {

        @Override
        public MessageHistory history() {
            return new InMemoryMessageHistory(database, TENANT, NAMESPACE);
        }
    }

    @Nested
    final class TracingTest extends CounterTests implements TracingContract {

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
        public RecordStore records() {
            return new InMemoryRecordStore(database);
        }
    }
}
