package dev.millrace.ports.fake;

import dev.millrace.domain.MessageId;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.ports.driven.RecordStore;
import dev.millrace.ports.fake.InMemoryDatabase.IdempotencyRecord;
import dev.millrace.ports.fake.InMemoryDatabase.Records;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** The records of an {@link InMemoryDatabase}. Thread-safe. */
public final class InMemoryRecordStore implements RecordStore {

    private final InMemoryDatabase database;

    public InMemoryRecordStore(InMemoryDatabase database) {
        this.database = Objects.requireNonNull(database);
    }

    @Override
    public int purge(SubscriptionId subscription, Instant publishedBefore, int limit) {
        synchronized (database) {
            database.requireAvailable();
            Records records = database.recordsOf(subscription);
            if (publishedBefore.isAfter(records.watermark)) {
                records.watermark = publishedBefore;
            }
            List<MessageId> old =
                    records.byMessageId.values().stream()
                            .filter(stored -> stored.publishedAt().isBefore(publishedBefore))
                            .map(IdempotencyRecord::messageId)
                            .limit(limit)
                            .toList();
            old.forEach(records.byMessageId::remove);
            records.counted.values().removeAll(old);
            return old.size();
        }
    }
}
