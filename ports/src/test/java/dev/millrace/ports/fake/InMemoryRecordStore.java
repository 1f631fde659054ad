package dev.millrace.ports.fake;

import dev.millrace.domain.MessageId;
import dev.millrace.domain.Position;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.ports.driven.RecordStore;
import dev.millrace.ports.fake.InMemoryDatabase.IdempotencyRecord;
import dev.millrace.ports.fake.InMemoryDatabase.Records;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The records of an {@link InMemoryDatabase}. Thread-safe. */
public final class InMemoryRecordStore implements RecordStore {

    private static final Set<String> FINAL = Set.of("applied", "rejected", "discarded");

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
                            .filter(stored -> FINAL.contains(stored.state()))
                            .map(IdempotencyRecord::messageId)
                            .limit(limit)
                            .toList();
            old.forEach(records.byMessageId::remove);
            records.counted.values().removeAll(old);
            List<Position> givenUp =
                    records.discarded.entrySet().stream()
                            .filter(copy -> copy.getValue().publishedAt().isBefore(publishedBefore))
                            .map(Map.Entry::getKey)
                            .limit(limit - old.size())
                            .toList();
            givenUp.forEach(records.discarded::remove);
            return old.size() + givenUp.size();
        }
    }
}
