package dev.millrace.adapters.pulsar.driven;

import dev.millrace.adapters.pulsar.Decoding;
import dev.millrace.adapters.pulsar.PulsarConnection;
import dev.millrace.adapters.pulsar.TopicName;
import dev.millrace.domain.Acknowledged.Entry;
import dev.millrace.domain.Position;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.operations.ReplaySpan;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.operations.driven.Playback;

import org.apache.pulsar.client.admin.PulsarAdminException;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.impl.MessageIdImpl;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A topic, read once more by readers that leave no trace. Thread-safe.
 *
 * @param <E> the stream's event
 */
public final class PulsarPlayback<E> implements Playback<E> {

    private final PulsarConnection connection;
    private final TopicName topic;
    private final Decoding<E> decoding;

    /** Reads the topic of this subscription. */
    public PulsarPlayback(
            PulsarConnection connection, SubscriptionId subscription, Decoding<E> decoding) {
        this.connection = Objects.requireNonNull(connection);
        this.topic = TopicName.of(subscription);
        this.decoding = Objects.requireNonNull(decoding);
    }

    @Override
    public Stretch<E> read(ReplaySpan span, int limit) {
        String partition = topic.partition(span.partition());
        try {
            PartitionLedger ledger =
                    new PartitionLedger(connection.admin().topics().getInternalStats(partition));
            if (ledger.isEmpty() || Entry.of(span.next()).compareTo(ledger.last()) > 0) {
                return new Stretch<>(List.of(), span.done());
            }
            try (PartitionReader reader =
                    PartitionReader.open(connection, partition, start(span.next(), ledger))) {
                return read(reader, span, ledger.last(), limit);
            }
        } catch (PulsarAdminException | IOException failure) {
            throw new Unavailable("the broker does not let " + topic + " be read", failure);
        }
    }

    /** What is not retained any more is passed over. */
    private static MessageId start(Position next, PartitionLedger ledger) {
        return ledger.retains(Entry.of(next))
                ? new MessageIdImpl(next.ledger(), next.entry(), next.partition())
                : MessageId.earliest;
    }

    private Stretch<E> read(PartitionReader reader, ReplaySpan span, Entry last, int limit)
            throws IOException {
        List<Message<byte[]>> messages = new ArrayList<>(limit);
        ReplaySpan rest = span;
        boolean isLast = false;
        while (messages.size() < limit && !isLast && !rest.isDone()) {
            Message<byte[]> message = reader.next();
            Position position = Decoding.position(message);
            isLast = PartitionReader.isLastOf(message, last);
            if (span.contains(position)) {
                messages.add(message);
                rest = rest.behind(position);
            } else if (span.next().isBefore(position)) {
                rest = rest.done();
            }
        }
        return new Stretch<>(decoding.decode(messages), isLast ? rest.done() : rest);
    }
}
