package dev.millrace.ports.fake;

import dev.millrace.domain.CopyTraces;
import dev.millrace.domain.Digest;
import dev.millrace.domain.InvalidValue;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Position;
import dev.millrace.domain.RecordedCopy;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.TopicCopy;
import dev.millrace.domain.Trace;
import dev.millrace.ports.driven.Tracing;
import dev.millrace.ports.fake.InMemoryDatabase.IdempotencyRecord;
import dev.millrace.ports.fake.InMemoryDatabase.Records;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What an {@link InMemoryDatabase} says of copies, and a hand that changes it behind everyone's
 * back. A record counts as written when its newest copy was published. Thread-safe.
 */
public final class InMemoryTracing implements Tracing {

    private static final Comparator<RecordedCopy> ORDER =
            Comparator.comparing(RecordedCopy::publishedAt).thenComparing(RecordedCopy::messageId);

    private final InMemoryDatabase database;
    private final Set<MessageId> effectless = new HashSet<>();

    public InMemoryTracing(InMemoryDatabase database) {
        this.database = Objects.requireNonNull(database);
    }

    /** Takes a record away, as if it had never been written. */
    public void forget(SubscriptionId subscription, MessageId messageId) {
        synchronized (database) {
            Records records = database.recordsOf(subscription);
            IdempotencyRecord gone = Objects.requireNonNull(records.byMessageId.remove(messageId));
            records.counted.remove(gone.first());
        }
    }

    /** Takes what is parked away, and leaves the records that say so. */
    public void loseParked(SubscriptionId subscription) {
        synchronized (database) {
            database.recordsOf(subscription).parked.clear();
        }
    }

    /** Takes an effect away, and leaves the record that says applied. */
    public void loseEffect(MessageId messageId) {
        synchronized (database) {
            effectless.add(messageId);
        }
    }

    /** Counts a copy as a duplicate, whatever else it is. */
    public void count(SubscriptionId subscription, MessageId messageId, Position position) {
        synchronized (database) {
            database.recordsOf(subscription).counted.put(position, messageId);
        }
    }

    /** Writes a record that says applied. */
    public void invent(
            SubscriptionId subscription,
            MessageId messageId,
            Position position,
            Instant publishedAt) {
        synchronized (database) {
            database.recordsOf(subscription)
                    .byMessageId
                    .put(
                            messageId,
                            new IdempotencyRecord(
                                    messageId,
                                    new Key("invented"),
                                    new Digest("0".repeat(64)),
                                    "applied",
                                    "",
                                    position,
                                    publishedAt,
                                    1));
        }
    }

    @Override
    public List<CopyTraces> trace(SubscriptionId subscription, List<TopicCopy> copies) {
        synchronized (database) {
            database.requireAvailable();
            Records records = database.recordsOf(subscription);
            return copies.stream().map(copy -> trace(records, copy)).toList();
        }
    }

    private CopyTraces trace(Records records, TopicCopy copy) {
        Position position = copy.position();
        Set<Trace> traces = EnumSet.noneOf(Trace.class);
        Optional<IdempotencyRecord> stored = find(records, copy.messageId());
        boolean isAboutIt =
                stored.map(IdempotencyRecord::first).filter(position::equals).isPresent();
        stored.ifPresent(each ->
                traces.add(
                        isAboutIt
                                ? Trace.valueOf(each.state().toUpperCase(Locale.ROOT))
                                : Trace.RECORDED_ELSEWHERE));
        if (traces.contains(Trace.APPLIED)
                && effectless.contains(new MessageId(copy.messageId()))) {
            traces.add(Trace.WITHOUT_EFFECT);
        }
        // Here, a record's own copy is among the counted ones.
        if (records.counted.containsKey(position) && !isAboutIt) {
            traces.add(Trace.COUNTED);
        }
        if (records.parked.values().stream()
                .anyMatch(waiting -> waiting.event().copy().position().equals(position))) {
            traces.add(Trace.WAITING);
        }
        if (records.discarded.containsKey(position)) {
            traces.add(Trace.GIVEN_UP);
        } else if (records.isQuarantined(position)) {
            traces.add(Trace.IN_QUARANTINE);
        }
        if (copy.publishedAt().isBefore(records.watermark)) {
            traces.add(Trace.BELOW_WATERMARK);
        }
        return new CopyTraces(
                traces,
                stored.filter(_ -> isAboutIt)
                        .map(IdempotencyRecord::publishedAt)
                        .orElse(Instant.MAX));
    }

    private static Optional<IdempotencyRecord> find(Records records, String messageId) {
        try {
            return Optional.ofNullable(records.byMessageId.get(new MessageId(messageId)));
        } catch (InvalidValue _) {
            return Optional.empty();
        }
    }

    @Override
    public Map<Key, Position> latest(
            SubscriptionId subscription, int partition, Collection<Key> keys) {
        synchronized (database) {
            database.requireAvailable();
            return database.recordsOf(subscription).latest(partition, keys);
        }
    }

    @Override
    public List<RecordedCopy> records(
            SubscriptionId subscription, Instant from, String after, int limit) {
        synchronized (database) {
            database.requireAvailable();
            return database.recordsOf(subscription).byMessageId.values().stream()
                    .map(stored ->
                            new RecordedCopy(
                                    stored.messageId(),
                                    stored.first(),
                                    stored.publishedAt(),
                                    stored.publishedAt()))
                    .filter(each ->
                            each.publishedAt().isAfter(from)
                                    || (each.publishedAt().equals(from)
                                            && each.messageId().value().compareTo(after) > 0))
                    .sorted(ORDER)
                    .limit(limit)
                    .toList();
        }
    }
}
