package dev.millrace.adapters.pulsar.driven;

import dev.millrace.adapters.pulsar.AvroCodec;
import dev.millrace.adapters.pulsar.PulsarConnection;
import dev.millrace.adapters.pulsar.TopicSettings;
import dev.millrace.adapters.pulsar.WireNames;
import dev.millrace.domain.Key;
import dev.millrace.domain.Position;
import dev.millrace.ports.Condition;
import dev.millrace.ports.driven.EventPublisher;
import dev.millrace.ports.driven.Measurements;
import dev.millrace.ports.driven.OutgoingEvent;
import dev.millrace.ports.driven.Publication;

import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClientException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Stores events of one stream in its topic. It starts without the broker, becomes ready once its
 * producers are connected and every declared subscription is known to exist, and refuses everything
 * while it is not. Thread-safe.
 *
 * @param <E> the stream's event
 */
public final class PulsarPublisher<E> implements EventPublisher<E>, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PulsarPublisher.class);

    /** The client times a send out by itself; this much later it would be a bug of it. */
    private static final Duration MARGIN = Duration.ofSeconds(1);

    /** Between two looks while something is missing. */
    private static final Duration EAGER_INTERVAL = Duration.ofMillis(500);

    private final TopicSettings topic;
    private final PublisherSettings settings;
    private final AvroCodec<E> codec;
    private final InstantSource clock;
    private final Measurements measurements;
    private final Producers producers;
    private final TopicWatch watch;
    private final Thread maintenance;

    /** A permit ends the pause between two looks. */
    private final Semaphore attention = new Semaphore(0);

    private volatile boolean closed;

    private PulsarPublisher(
            PulsarConnection connection,
            TopicSettings topic,
            PublisherSettings settings,
            AvroCodec<E> codec,
            InstantSource clock,
            Measurements measurements) {
        this.topic = topic;
        this.settings = settings;
        this.codec = codec;
        this.clock = clock;
        this.measurements = measurements;
        this.producers = new Producers(connection, topic, settings, codec.contract());
        this.watch = new TopicWatch(connection, topic);
        this.maintenance =
                Thread.ofVirtual().name("publisher-" + topic.stream()).unstarted(this::maintain);
    }

    /** Starts connecting in the background, and goes on doing so until it is closed. */
    public static <E> PulsarPublisher<E> start(
            PulsarConnection connection,
            TopicSettings topic,
            PublisherSettings settings,
            AvroCodec<E> codec,
            InstantSource clock,
            Measurements measurements) {
        PulsarPublisher<E> publisher =
                new PulsarPublisher<>(connection, topic, settings, codec, clock, measurements);
        publisher.maintenance.start();
        return publisher;
    }

    @Override
    public List<Publication> publish(List<OutgoingEvent<E>> events) {
        Optional<CompletableFuture<Publication>> refusal =
                obstacle().map(why -> settled(new Publication.NotStored(why)));
        List<CompletableFuture<Publication>> publications = new ArrayList<>(events.size());
        Set<Key> refused = new HashSet<>();
        for (OutgoingEvent<E> event : events) {
            if (refused.contains(event.key())) {
                publications.add(settled(new Publication.Aborted()));
                continue;
            }
            CompletableFuture<Publication> publication = refusal.orElseGet(() -> send(event));
            if (publication.isDone() && !(publication.join() instanceof Publication.Stored)) {
                refused.add(event.key());
            }
            publications.add(publication);
        }
        return await(publications);
    }

    /**
     * Whether everything is there that an event needs to be stored. Partitions that were added to
     * the topic are no obstacle, but are told.
     */
    public Condition condition(String name) {
        return obstacle()
                .map(missing -> Condition.unmet(name, missing))
                .orElseGet(() -> Condition.met(name, watch.drift().orElse("")));
    }

    /** How many partitions the topic has, whatever is declared, as far as is known. */
    public OptionalInt partitions() {
        return watch.partitions();
    }

    /** Stops. What is under way is unknown. */
    @Override
    public void close() {
        closed = true;
        attention.release();
        producers.close();
    }

    private Optional<String> obstacle() {
        if (closed) {
            return Optional.of("the publisher is closed");
        }
        return watch.obstacle().or(producers::obstacle);
    }

    private CompletableFuture<Publication> send(OutgoingEvent<E> event) {
        byte[] bytes;
        try {
            bytes = codec.encode(event.event());
        } catch (RuntimeException bug) {
            EventLine.addKey(
                            EventLine.add(LOG.atError(), "messageId", event.messageId().value()),
                            event.key().value())
                    .setCause(bug)
                    .log("An event of {} cannot be encoded", topic.stream());
            return settled(new Publication.NotStored("the event cannot be encoded"));
        }
        if (bytes.length > settings.maxEventBytes()) {
            return settled(new Publication.TooLarge());
        }
        Placement place =
                Placement.of(event.key(), topic.partitions(), topic.bucketsPerPartition());
        return producers
                .answering(place.partition())
                .map(producer -> send(event, bytes, place, producer))
                .orElseGet(() -> settled(new Publication.NotStored("the broker does not answer")));
    }

    private CompletableFuture<Publication> send(
            OutgoingEvent<E> event, byte[] bytes, Placement place, Producer<byte[]> producer) {
        Instant start = clock.instant();
        return producer.newMessage()
                .key(event.key().value())
                .orderingKey(place.orderingKey())
                .properties(event.properties())
                .property(WireNames.MESSAGE_ID, event.messageId().value())
                .value(bytes)
                .sendAsync()
                .handle((receipt, failure) -> {
                    measurements.published(
                            topic.stream(), Duration.between(start, clock.instant()));
                    if (failure instanceof PulsarClientException.TimeoutException) {
                        producers.fellSilent(place.partition(), producer);
                        attention.release();
                    }
                    return publication(place.partition(), receipt, failure);
                });
    }

    private static Publication publication(
            int partition, @Nullable MessageId receipt, @Nullable Throwable failure) {
        if (receipt instanceof MessageIdAdv id) {
            return new Publication.Stored(
                    new Position(
                            id.getLedgerId(),
                            id.getEntryId(),
                            partition,
                            Math.max(0, id.getBatchIndex())));
        }
        return switch (failure) {
            // The client raises these three only before it takes an event into its queue.
            case PulsarClientException.ProducerQueueIsFullError full ->
                    new Publication.NotStored("too many events are under way to one partition");
            case PulsarClientException.MemoryBufferIsFullError full ->
                    new Publication.NotStored("too many bytes are under way to the broker");
            case PulsarClientException.NotConnectedException lost ->
                    new Publication.NotStored("the connection to the broker is lost");
            case null -> new Publication.Unknown("the broker's receipt has no position");
            default -> new Publication.Unknown(failure.toString());
        };
    }

    private List<Publication> await(List<CompletableFuture<Publication>> publications) {
        try {
            CompletableFuture.allOf(publications.toArray(CompletableFuture[]::new))
                    .get(settings.sendTimeout().plus(MARGIN).toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            LOG.warn("The broker's client let a send timeout of {} pass", settings.sendTimeout());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException bug) {
            throw new IllegalStateException("a publication failed", bug);
        }
        Publication unknown = new Publication.Unknown("no receipt came in time");
        return publications.stream().map(each -> each.getNow(unknown)).toList();
    }

    private static CompletableFuture<Publication> settled(Publication publication) {
        return CompletableFuture.completedFuture(publication);
    }

    private void maintain() {
        boolean ready = true;
        try {
            while (!closed) {
                producers.maintain(clock.instant());
                watch.check();
                ready = tellChange(ready);
                if (attention.tryAcquire(pause(ready).toMillis(), TimeUnit.MILLISECONDS)) {
                    // However many were given, the next look sees to all of them.
                    attention.drainPermits();
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            producers.close();
        }
    }

    private Duration pause(boolean ready) {
        boolean eager = !ready && settings.checkInterval().compareTo(EAGER_INTERVAL) > 0;
        return eager ? EAGER_INTERVAL : settings.checkInterval();
    }

    private boolean tellChange(boolean wasReady) {
        Optional<String> obstacle = obstacle();
        boolean ready = obstacle.isEmpty();
        if (wasReady && !ready && !closed) {
            LOG.warn("Events of {} are refused: {}", topic.stream(), obstacle.get());
        } else if (!wasReady && ready) {
            LOG.info("Events of {} are taken", topic.stream());
        }
        return ready;
    }
}
