package dev.millrace.adapters.pulsar.driven;

import dev.millrace.adapters.pulsar.Decoding;
import dev.millrace.adapters.pulsar.PulsarConnection;
import dev.millrace.adapters.pulsar.TopicName;
import dev.millrace.domain.Acknowledged;
import dev.millrace.domain.Acknowledged.Entry;
import dev.millrace.domain.Period;
import dev.millrace.domain.Position;
import dev.millrace.domain.RecordedCopy;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.TopicCopy;
import dev.millrace.domain.operations.CursorPlace;
import dev.millrace.domain.operations.ReplayBoundary;
import dev.millrace.domain.operations.ReplayScope;
import dev.millrace.domain.operations.ReplaySpan;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.driven.TopicLog;

import org.apache.pulsar.client.admin.PulsarAdminException;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.impl.MessageIdImpl;
import org.apache.pulsar.common.policies.data.ManagedLedgerInternalStats.CursorStats;
import org.apache.pulsar.common.policies.data.PartitionedTopicInternalStats;
import org.apache.pulsar.common.policies.data.PersistentTopicInternalStats;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Topics, read by readers that leave no trace: each has a cursor in the broker's memory, which ends
 * with it. Thread-safe.
 */
public final class PulsarTopicLog implements TopicLog {

    private final PulsarConnection connection;

    public PulsarTopicLog(PulsarConnection connection) {
        this.connection = Objects.requireNonNull(connection);
    }

    @Override
    public void read(
            SubscriptionId subscription,
            Period period,
            int limit,
            Consumer<List<TopicCopy>> chunks) {
        Chunks gathered = new Chunks(limit, chunks);
        int partitions = partitions(subscription);
        for (int partition = 0; partition < partitions; partition++) {
            read(subscription, partition, period, gathered);
        }
        gathered.flush();
    }

    /** From where the period begins to what is the last entry now. */
    private void read(SubscriptionId subscription, int partition, Period period, Chunks chunks) {
        PartitionLedger ledger = ledger(subscription, partition);
        if (ledger.isEmpty()) {
            return;
        }
        MessageId start = start(subscription, partition, period.from());
        if (!(start instanceof MessageIdAdv begin)
                || new Entry(begin.getLedgerId(), begin.getEntryId()).compareTo(ledger.last())
                        > 0) {
            return;
        }
        try (PartitionReader reader = open(subscription, partition, start)) {
            boolean begun = false;
            Message<byte[]> message;
            do {
                message = reader.next();
                Instant publishedAt = Instant.ofEpochMilli(message.getPublishTime());
                begun |= !publishedAt.isBefore(period.from());
                if (begun && !publishedAt.isBefore(period.to())) {
                    return;
                }
                if (begun) {
                    chunks.add(copy(message, publishedAt));
                }
            } while (!PartitionReader.isLastOf(message, ledger.last()));
        } catch (IOException failure) {
            throw away(subscription, failure);
        }
    }

    private MessageId start(SubscriptionId subscription, int partition, Instant from) {
        if (from.equals(Instant.EPOCH)) {
            return MessageId.earliest;
        }
        String name = TopicName.of(subscription).partition(partition);
        try {
            return connection.admin().topics().getMessageIdByTimestamp(name, from.toEpochMilli());
        } catch (PulsarAdminException failure) {
            throw away(subscription, failure);
        }
    }

    private PartitionReader open(SubscriptionId subscription, int partition, MessageId start)
            throws PulsarClientException {
        return PartitionReader.open(
                connection, TopicName.of(subscription).partition(partition), start);
    }

    private static TopicCopy copy(Message<byte[]> message, Instant publishedAt) {
        return new TopicCopy(Decoding.position(message), Decoding.messageId(message), publishedAt);
    }

    @Override
    public List<ReplaySpan> spans(SubscriptionId subscription, ReplayScope scope) {
        List<ReplaySpan> spans = new ArrayList<>();
        int partitions = partitions(subscription);
        for (int partition = 0; partition < partitions; partition++) {
            if (scope.partition().orElse(partition) == partition) {
                span(subscription, partition, scope)
                        .filter(span -> !span.isDone())
                        .ifPresent(spans::add);
            }
        }
        return spans;
    }

    private Optional<ReplaySpan> span(
            SubscriptionId subscription, int partition, ReplayScope scope) {
        PartitionLedger ledger = ledger(subscription, partition);
        if (ledger.isEmpty()) {
            return Optional.empty();
        }
        Position end =
                new Position(ledger.last().ledger(), ledger.last().entry() + 1, partition, 0);
        Position next =
                place(subscription, partition, scope.from(), new Position(0, 0, partition, 0));
        Position until = place(subscription, partition, scope.to(), end);
        return Optional.of(new ReplaySpan(next, until.isBefore(end) ? until : end));
    }

    /** Where a boundary lies. A time behind the newest copy is behind the last entry. */
    private Position place(
            SubscriptionId subscription, int partition, ReplayBoundary boundary, Position open) {
        return switch (boundary) {
            case ReplayBoundary.Open _ -> open;
            case ReplayBoundary.Place(Position position) -> position;
            case ReplayBoundary.Time(Instant instant) -> {
                MessageIdAdv id = (MessageIdAdv) start(subscription, partition, instant);
                yield new Position(
                        Math.max(0, id.getLedgerId()), Math.max(0, id.getEntryId()), partition, 0);
            }
        };
    }

    @Override
    public Acknowledged acknowledged(SubscriptionId subscription) {
        List<Acknowledged.Range> ranges = new ArrayList<>();
        int partitions = partitions(subscription);
        for (int partition = 0; partition < partitions; partition++) {
            CursorStats cursor = cursor(ledger(subscription, partition), subscription);
            ranges.addAll(PartitionLedger.acknowledged(partition, cursor));
        }
        return new Acknowledged(ranges);
    }

    /**
     * Where the subscription's cursor stands in each partition, for a person: one question to the
     * broker.
     *
     * @throws Unavailable when the broker is away, or the subscription does not exist on every
     *     partition
     */
    public List<CursorPlace> cursors(SubscriptionId subscription) {
        TopicName topic = TopicName.of(subscription);
        PartitionedTopicInternalStats stats;
        try {
            stats = connection.admin().topics().getPartitionedInternalStats(topic.toString());
        } catch (PulsarAdminException failure) {
            throw away(subscription, failure);
        }
        List<CursorPlace> places = new ArrayList<>();
        for (int partition = 0; partition < stats.metadata.partitions; partition++) {
            PersistentTopicInternalStats there = stats.partitions.get(topic.partition(partition));
            if (there == null) {
                throw new Unavailable("the broker tells nothing of " + topic.partition(partition));
            }
            PartitionLedger ledger = new PartitionLedger(there);
            places.add(ledger.place(subscription.name(), partition, cursor(ledger, subscription)));
        }
        return places;
    }

    private static CursorStats cursor(PartitionLedger ledger, SubscriptionId subscription) {
        return ledger.cursor(subscription.name())
                .orElseThrow(
                        () -> new Unavailable(subscription + " does not exist on every partition"));
    }

    @Override
    public List<RecordedCopy> unfounded(SubscriptionId subscription, List<RecordedCopy> records) {
        int partitions = partitions(subscription);
        Set<RecordedCopy> unfounded = new HashSet<>();
        for (int partition = 0; partition < partitions; partition++) {
            int current = partition;
            List<RecordedCopy> own =
                    records.stream()
                            .filter(each -> each.position().partition() == current)
                            .toList();
            if (!own.isEmpty()) {
                PartitionLedger ledger = ledger(subscription, partition);
                own.stream()
                        .filter(each -> ledger.retains(Entry.of(each.position())))
                        .filter(each -> !holds(subscription, ledger, each))
                        .forEach(unfounded::add);
            }
        }
        return records.stream()
                .filter(each ->
                        unfounded.contains(each) || each.position().partition() >= partitions)
                .toList();
    }

    private boolean holds(
            SubscriptionId subscription, PartitionLedger ledger, RecordedCopy record) {
        Position position = record.position();
        Entry entry = Entry.of(position);
        if (entry.compareTo(ledger.last()) > 0) {
            return false;
        }
        MessageId start =
                new MessageIdImpl(position.ledger(), position.entry(), position.partition());
        try (PartitionReader reader = open(subscription, position.partition(), start)) {
            TopicCopy found;
            Message<byte[]> message;
            do {
                message = reader.next();
                found = copy(message, record.publishedAt());
                if (found.position().equals(position)) {
                    return found.messageId().equals(record.messageId().value());
                }
            } while (Entry.of(found.position()).equals(entry)
                    && !PartitionReader.isLastOf(message, ledger.last()));
            return false;
        } catch (IOException failure) {
            throw away(subscription, failure);
        }
    }

    @Override
    public int partitions(SubscriptionId subscription) {
        String name = TopicName.of(subscription).toString();
        int partitions;
        try {
            partitions = connection.admin().topics().getPartitionedTopicMetadata(name).partitions;
        } catch (PulsarAdminException failure) {
            throw away(subscription, failure);
        }
        if (partitions == 0) {
            throw new Unavailable("the broker has no partitioned topic " + name);
        }
        return partitions;
    }

    private PartitionLedger ledger(SubscriptionId subscription, int partition) {
        String name = TopicName.of(subscription).partition(partition);
        try {
            return new PartitionLedger(connection.admin().topics().getInternalStats(name));
        } catch (PulsarAdminException failure) {
            throw away(subscription, failure);
        }
    }

    private static Unavailable away(SubscriptionId subscription, Exception failure) {
        return new Unavailable(
                "the broker does not let " + TopicName.of(subscription) + " be read", failure);
    }

    /** Gathers copies until there are enough for a chunk. */
    private static final class Chunks {
        private final int limit;
        private final Consumer<List<TopicCopy>> taker;
        private List<TopicCopy> gathered = new ArrayList<>();

        Chunks(int limit, Consumer<List<TopicCopy>> taker) {
            this.limit = limit;
            this.taker = taker;
        }

        void add(TopicCopy copy) {
            gathered.add(copy);
            if (gathered.size() == limit) {
                flush();
            }
        }

        void flush() {
            if (!gathered.isEmpty()) {
                List<TopicCopy> chunk = gathered;
                gathered = new ArrayList<>();
                taker.accept(chunk);
            }
        }
    }
}
