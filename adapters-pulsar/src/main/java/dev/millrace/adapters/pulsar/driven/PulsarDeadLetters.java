package dev.millrace.adapters.pulsar.driven;

import dev.millrace.adapters.pulsar.PulsarConnection;
import dev.millrace.adapters.pulsar.TopicName;
import dev.millrace.domain.DeadLetter;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.driven.DeadLetters;

import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.TypedMessageBuilder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The dead-letter topic of one subscription: each letter carries the original bytes, and a {@link
 * LetterHead} that tells what it is about. A producer is opened with the first letter; one that has
 * failed is given up for a new one, so that none which the client has closed for good stays in use.
 * Thread-safe.
 */
public final class PulsarDeadLetters implements DeadLetters, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PulsarDeadLetters.class);

    private final PulsarConnection connection;
    private final SubscriptionId subscription;
    private final Duration sendTimeout;
    private @Nullable Producer<byte[]> producer;
    private boolean closed;

    /**
     * Opens nothing yet.
     *
     * @param sendTimeout how long a receipt is waited for
     */
    public PulsarDeadLetters(
            PulsarConnection connection, SubscriptionId subscription, Duration sendTimeout) {
        this.connection = Objects.requireNonNull(connection);
        this.subscription = Objects.requireNonNull(subscription);
        this.sendTimeout = Objects.requireNonNull(sendTimeout);
    }

    @Override
    public synchronized Set<Long> publish(List<DeadLetter> letters) {
        if (letters.isEmpty()) {
            return Set.of();
        }
        Producer<byte[]> present = open();
        Map<Long, CompletableFuture<MessageId>> sent = new HashMap<>();
        letters.forEach(letter -> sent.put(letter.quarantineId(), send(present, letter)));
        try {
            // The producer's own time is over first, and tells why.
            await(
                    CompletableFuture.allOf(sent.values().toArray(CompletableFuture[]::new)),
                    sendTimeout.multipliedBy(2));
            return told(letters, sent.keySet());
        } catch (Unavailable failure) {
            drop();
            sent.values().removeIf(receipt -> receipt.state() != Future.State.SUCCESS);
            if (sent.isEmpty()) {
                throw failure;
            }
            return told(letters, sent.keySet());
        }
    }

    /** Each is a thing for a person to deal with; so is told as often as it is published. */
    private Set<Long> told(List<DeadLetter> letters, Set<Long> published) {
        for (DeadLetter letter : letters) {
            if (published.contains(letter.quarantineId())) {
                tell(letter);
            }
        }
        return Set.copyOf(published);
    }

    private void tell(DeadLetter letter) {
        LoggingEventBuilder line = LOG.atWarn().addKeyValue("quarantineId", letter.quarantineId());
        line = EventLine.add(line, "messageId", letter.messageId());
        line = EventLine.addKey(line, letter.key());
        line = EventLine.add(line, "position", letter.copy().position().toString());
        line = EventLine.add(line, "traceId", letter.copy().traceId());
        line.log("An event of {} is in quarantine: {}", subscription, letter.reason());
    }

    private CompletableFuture<MessageId> send(Producer<byte[]> present, DeadLetter letter) {
        LetterHead head = new LetterHead(subscription, letter);
        TypedMessageBuilder<byte[]> message =
                present.newMessage()
                        .value(letter.copy().payload().toByteArray())
                        .properties(head.properties());
        if (!head.key().isEmpty()) {
            message.key(head.key());
        }
        return message.sendAsync();
    }

    private Producer<byte[]> open() {
        if (closed) {
            throw new Unavailable("the way to " + topic() + " is closed");
        }
        Producer<byte[]> present = producer;
        if (present == null) {
            CompletableFuture<Producer<byte[]>> attempt = create();
            try {
                present = await(attempt, connection.settings().operationTimeout());
            } catch (Unavailable failure) {
                // One that opens too late is not to stay.
                var _ =
                        attempt.thenAccept(late -> {
                            var _ = late.closeAsync();
                        });
                throw failure;
            }
            producer = present;
        }
        return present;
    }

    /**
     * One message is one entry, so that each has a fate of its own; what is larger than an entry
     * with its properties goes in several.
     */
    private CompletableFuture<Producer<byte[]>> create() {
        return connection
                .client()
                .newProducer(Schema.BYTES)
                .topic(topic())
                .enableBatching(false)
                .enableChunking(true)
                .blockIfQueueFull(false)
                .sendTimeout(Math.toIntExact(sendTimeout.toMillis()), TimeUnit.MILLISECONDS)
                .createAsync();
    }

    private <T> T await(CompletableFuture<T> answer, Duration patience) {
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failure) {
            throw new Unavailable(topic() + " takes no dead letter", failure);
        } catch (TimeoutException late) {
            throw new Unavailable(topic() + " does not answer", late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Unavailable("interrupted while " + topic() + " was waited for", interrupted);
        }
    }

    private String topic() {
        return TopicName.of(subscription).deadLetters(subscription.name());
    }

    private void drop() {
        Producer<byte[]> present = producer;
        producer = null;
        if (present != null) {
            var _ = present.closeAsync();
        }
    }

    /** Does not wait for the producer, which ends with the connection at the latest. */
    @Override
    public synchronized void close() {
        closed = true;
        drop();
    }
}
