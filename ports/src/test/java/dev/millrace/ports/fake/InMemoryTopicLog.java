package dev.millrace.ports.fake;

import dev.millrace.domain.Acknowledged;
import dev.millrace.domain.Acknowledged.Entry;
import dev.millrace.domain.Acknowledged.Range;
import dev.millrace.domain.Period;
import dev.millrace.domain.Position;
import dev.millrace.domain.RecordedCopy;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.TopicCopy;
import dev.millrace.domain.operations.ReplayBoundary;
import dev.millrace.domain.operations.ReplayScope;
import dev.millrace.domain.operations.ReplaySpan;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.driven.TopicLog;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The topic of one subscription in memory: two partitions, in which every copy is an entry of its
 * own. Thread-safe.
 */
public final class InMemoryTopicLog implements TopicLog {

    private static final long OLDEST_LEDGER = 7;

    private final List<List<TopicCopy>> partitions = List.of(new ArrayList<>(), new ArrayList<>());
    private final Set<Position> acknowledged = new HashSet<>();
    private Runnable meanwhile = () -> {};
    private boolean unavailable;

    /** Adds a copy at the end of a partition. */
    public synchronized Position add(int partition, String messageId, Instant publishedAt) {
        List<TopicCopy> copies = partitions.get(partition);
        Position position = new Position(OLDEST_LEDGER, copies.size(), partition, 0);
        copies.add(new TopicCopy(position, messageId, publishedAt));
        return position;
    }

    /** The subscription is done with a copy. */
    public synchronized void acknowledge(Position position) {
        acknowledged.add(position);
    }

    /** Does this once, when the next reading has begun and before it gives its first chunk. */
    public synchronized void meanwhile(Runnable action) {
        meanwhile = action;
    }

    /** From now on the broker is away. */
    public synchronized void makeUnavailable() {
        unavailable = true;
    }

    /** The broker is back. */
    public synchronized void makeAvailable() {
        unavailable = false;
    }

    @Override
    public synchronized void read(
            SubscriptionId subscription,
            Period period,
            int limit,
            Consumer<List<TopicCopy>> chunks) {
        requireAvailable();
        List<TopicCopy> copies =
                partitions.stream().flatMap(partition -> within(partition, period)).toList();
        Runnable action = meanwhile;
        meanwhile = () -> {};
        action.run();
        for (int i = 0; i < copies.size(); i += limit) {
            chunks.accept(copies.subList(i, Math.min(copies.size(), i + limit)));
        }
    }

    private static Stream<TopicCopy> within(List<TopicCopy> partition, Period period) {
        return partition.stream()
                .dropWhile(copy -> copy.publishedAt().isBefore(period.from()))
                .takeWhile(copy -> copy.publishedAt().isBefore(period.to()));
    }

    @Override
    public synchronized int partitions(SubscriptionId subscription) {
        requireAvailable();
        return partitions.size();
    }

    @Override
    public synchronized List<ReplaySpan> spans(SubscriptionId subscription, ReplayScope scope) {
        requireAvailable();
        List<ReplaySpan> spans = new ArrayList<>();
        for (int partition = 0; partition < partitions.size(); partition++) {
            if (scope.partition().orElse(partition) == partition) {
                ReplaySpan span =
                        new ReplaySpan(
                                place(partition, scope.from(), 0),
                                place(partition, scope.to(), partitions.get(partition).size()));
                if (!span.isDone()) {
                    spans.add(span);
                }
            }
        }
        return spans;
    }

    private Position place(int partition, ReplayBoundary boundary, int open) {
        return switch (boundary) {
            case ReplayBoundary.Open _ -> new Position(OLDEST_LEDGER, open, partition, 0);
            case ReplayBoundary.Place(Position position) -> position;
            case ReplayBoundary.Time(Instant instant) ->
                    new Position(
                            OLDEST_LEDGER,
                            partitions.get(partition).stream()
                                    .takeWhile(copy -> copy.publishedAt().isBefore(instant))
                                    .count(),
                            partition,
                            0);
        };
    }

    @Override
    public synchronized Acknowledged acknowledged(SubscriptionId subscription) {
        requireAvailable();
        return new Acknowledged(acknowledged.stream().map(InMemoryTopicLog::range).toList());
    }

    private static Range range(Position position) {
        return new Range(
                position.partition(),
                new Entry(position.ledger(), position.entry() - 1),
                Entry.of(position));
    }

    @Override
    public synchronized List<RecordedCopy> unfounded(
            SubscriptionId subscription, List<RecordedCopy> records) {
        requireAvailable();
        return records.stream()
                .filter(record -> record.position().ledger() >= OLDEST_LEDGER)
                .filter(record ->
                        partitions.stream()
                                .flatMap(List::stream)
                                .noneMatch(copy ->
                                        copy.position().equals(record.position())
                                                && copy.messageId()
                                                        .equals(record.messageId().value())))
                .toList();
    }

    private void requireAvailable() {
        if (unavailable) {
            throw new Unavailable("the topic in memory is switched off");
        }
    }
}
