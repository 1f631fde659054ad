package dev.millrace.adapters.pulsar.driven;

import dev.millrace.adapters.pulsar.PulsarConnection;
import dev.millrace.adapters.pulsar.TopicSettings;

import org.apache.pulsar.client.api.BatcherBuilder;
import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.Schema;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One producer for each partition, so that it is known for each whether it is connected before an
 * event is handed to it, and each has its own bounded queue.
 *
 * <p>A producer that let a receipt wait beyond its time is silent: it takes nothing more and is
 * given up for a new one. Opening that one asks the very broker that did not answer, so that no
 * event has to find out whether it does again. What the silent one still holds is unknown to its
 * callers, whenever it arrives.
 *
 * <p>{@link #maintain} is called by one thread; the rest is thread-safe.
 */
final class Producers {

    /**
     * A producer that stays away this long is given up for a new one: the client closes some of
     * them for good, and does not tell.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final PulsarConnection connection;
    private final TopicSettings topic;
    private final PublisherSettings settings;
    private final Schema<byte[]> contract;
    private final List<Slot> slots = new ArrayList<>();

    Producers(
            PulsarConnection connection,
            TopicSettings topic,
            PublisherSettings settings,
            Schema<byte[]> contract) {
        this.connection = connection;
        this.topic = topic;
        this.settings = settings;
        this.contract = contract;
        for (int partition = 0; partition < topic.partitions(); partition++) {
            slots.add(new Slot(partition));
        }
    }

    /** The partition's producer, when it is connected at this moment and not silent. */
    Optional<Producer<byte[]>> answering(int partition) {
        return slots.get(partition).answering();
    }

    /** Why some partition has no producer that answers; empty when all have. */
    Optional<String> obstacle() {
        for (Slot slot : slots) {
            if (slot.answering().isEmpty()) {
                return Optional.of(
                        "no connection to "
                                + topic.name().partition(slot.partition)
                                + (slot.failure.isEmpty() ? "" : ": " + slot.failure));
            }
        }
        return Optional.empty();
    }

    /** A receipt from this producer of the partition did not come in time. */
    void fellSilent(int partition, Producer<byte[]> producer) {
        slots.get(partition).fellSilent(producer);
    }

    /** Creates the producers that are missing, within the connection's operation timeout. */
    void maintain(Instant now) throws InterruptedException {
        List<Slot> missing = slots.stream().filter(slot -> slot.isMissing(now)).toList();
        List<CompletableFuture<Producer<byte[]>>> attempts =
                missing.stream().map(slot -> create(slot.partition)).toList();
        for (int i = 0; i < attempts.size(); i++) {
            missing.get(i).take(attempts.get(i), connection.settings().operationTimeout());
        }
    }

    void close() {
        for (Slot slot : slots) {
            slot.drop();
        }
    }

    private CompletableFuture<Producer<byte[]>> create(int partition) {
        return connection
                .client()
                .newProducer(contract)
                .topic(topic.name().partition(partition))
                .enableBatching(true)
                .batcherBuilder(BatcherBuilder.KEY_BASED)
                .batchingMaxPublishDelay(settings.maxDelay().toMillis(), TimeUnit.MILLISECONDS)
                .batchingMaxMessages(settings.maxEvents())
                .batchingMaxBytes(settings.maxBytes())
                .maxPendingMessages(settings.maxPending())
                // A full queue is an answer; waiting for room would hold the caller without end.
                .blockIfQueueFull(false)
                .sendTimeout(
                        Math.toIntExact(settings.sendTimeout().toMillis()), TimeUnit.MILLISECONDS)
                .createAsync();
    }

    /** A partition's place for its producer. */
    private static final class Slot {
        private final int partition;
        private volatile @Nullable Producer<byte[]> producer;
        private volatile @Nullable Producer<byte[]> silent;
        private volatile String failure = "";
        private @Nullable Instant awaySince;

        Slot(int partition) {
            this.partition = partition;
        }

        Optional<Producer<byte[]>> answering() {
            Producer<byte[]> present = producer;
            return present != null && !present.equals(silent) && present.isConnected()
                    ? Optional.of(present)
                    : Optional.empty();
        }

        /** The client calls from within its own work, so that closing is left to maintenance. */
        void fellSilent(Producer<byte[]> candidate) {
            if (candidate.equals(producer)) {
                failure = "the broker does not answer";
                silent = candidate;
            }
        }

        boolean isMissing(Instant now) {
            Producer<byte[]> present = producer;
            if (present == null) {
                return true;
            }
            if (present.equals(silent)) {
                drop();
                return true;
            }
            if (present.isConnected()) {
                awaySince = null;
                return false;
            }
            if (awaySince == null) {
                awaySince = now;
            }
            if (Duration.between(awaySince, now).compareTo(PATIENCE) < 0) {
                return false;
            }
            drop();
            return true;
        }

        void take(CompletableFuture<Producer<byte[]>> attempt, Duration patience)
                throws InterruptedException {
            try {
                producer = attempt.get(patience.toMillis(), TimeUnit.MILLISECONDS);
                failure = "";
                awaySince = null;
            } catch (ExecutionException refused) {
                failure = String.valueOf(refused.getCause());
            } catch (TimeoutException late) {
                failure = "the broker does not answer";
                abandon(attempt);
            } catch (InterruptedException interrupted) {
                abandon(attempt);
                throw interrupted;
            }
        }

        void drop() {
            Producer<byte[]> dropped = producer;
            producer = null;
            silent = null;
            awaySince = null;
            if (dropped != null) {
                dropped.closeAsync().exceptionally(Slot::ignore);
            }
        }

        private static void abandon(CompletableFuture<Producer<byte[]>> attempt) {
            attempt.thenCompose(Producer::closeAsync).exceptionally(Slot::ignore);
        }

        /** What cannot be closed is not connected either, and the client forgets it at its end. */
        private static @Nullable Void ignore(Throwable failure) {
            return null;
        }
    }
}
