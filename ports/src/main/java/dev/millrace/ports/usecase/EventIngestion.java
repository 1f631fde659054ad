package dev.millrace.ports.usecase;

import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.ports.Stream;
import dev.millrace.ports.driven.EventPublisher;
import dev.millrace.ports.driven.Measurements;
import dev.millrace.ports.driven.MessageIds;
import dev.millrace.ports.driven.OutgoingEvent;
import dev.millrace.ports.driven.Publication;
import dev.millrace.ports.driving.IngestEvents;
import dev.millrace.ports.driving.Receipt;
import dev.millrace.ports.driving.Submission;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * Takes events in: names those without a message ID, keeps the number under way bounded, publishes,
 * and answers for each what is certain.
 *
 * <p>Order per key is kept by refusing: what follows a failed item of its key is never stored in
 * its place.
 */
public final class EventIngestion<E> implements IngestEvents<E> {

    /**
     * How many items are read before they are published together: enough that the broker's time is
     * spent on many at once, and few enough that tens of long requests have room side by side.
     */
    static final int CHUNK = 256;

    private final Stream<E, ?, ?> stream;
    private final EventPublisher<E> publisher;
    private final MessageIds messageIds;
    private final Semaphore underWay;
    private final Duration retryAfter;
    private final Measurements measurements;

    /**
     * Joins the gate's port to its publisher.
     *
     * @param underWay one permit for each event that may be under way at once; shared by all
     *     streams of a gate
     * @param retryAfter what a caller is told to wait when nothing was stored
     */
    public EventIngestion(
            Stream<E, ?, ?> stream,
            EventPublisher<E> publisher,
            MessageIds messageIds,
            Semaphore underWay,
            Duration retryAfter,
            Measurements measurements) {
        this.stream = Objects.requireNonNull(stream);
        this.publisher = Objects.requireNonNull(publisher);
        this.messageIds = Objects.requireNonNull(messageIds);
        this.underWay = Objects.requireNonNull(underWay);
        this.retryAfter = Objects.requireNonNull(retryAfter);
        this.measurements = Objects.requireNonNull(measurements);
    }

    @Override
    public void ingest(Iterator<Submission<E>> submissions, Consumer<Receipt> receipts) {
        Request request = new Request();
        while (submissions.hasNext()) {
            Chunk chunk = new Chunk(pull(submissions));
            publish(request, chunk);
            List<Receipt> known = List.of(chunk.receipts);
            count(known);
            known.forEach(receipts);
        }
    }

    /** Holds no permit meanwhile: a caller that is slow to send takes no room from the others. */
    private List<Submission<E>> pull(Iterator<Submission<E>> submissions) {
        List<Submission<E>> pulled = new ArrayList<>();
        while (pulled.size() < CHUNK && submissions.hasNext()) {
            pulled.add(submissions.next());
        }
        return pulled;
    }

    private void publish(Request request, Chunk chunk) {
        try {
            for (int index = 0; index < chunk.submissions.size(); index++) {
                admit(request, chunk, index, chunk.submissions.get(index));
            }
            if (!chunk.outgoing.isEmpty()) {
                settle(request, chunk, publisher.publish(chunk.outgoing));
            }
        } finally {
            underWay.release(chunk.outgoing.size());
        }
    }

    private void admit(Request request, Chunk chunk, int index, Submission<E> submission) {
        switch (submission) {
            case Submission.Unreadable<E>(String key) -> {
                request.failedKeys.add(key);
                chunk.receipts[index] = new Receipt.Unreadable();
            }
            case Submission.Identified<E>(
                            MessageId messageId,
                            E event,
                            Map<String, String> properties) ->
                    admit(request, chunk, index, messageId, event, properties);
            case Submission.Anonymous<E>(E event, Map<String, String> properties) ->
                    admit(request, chunk, index, messageIds.next(), event, properties);
        }
    }

    private void admit(
            Request request,
            Chunk chunk,
            int index,
            MessageId messageId,
            E event,
            Map<String, String> properties) {
        Key key = stream.key().apply(event);
        if (request.failedKeys.contains(key.value())) {
            chunk.receipts[index] = new Receipt.Aborted(messageId);
        } else if (request.brokerIsLate) {
            request.failedKeys.add(key.value());
            chunk.receipts[index] = new Receipt.NotStored(messageId, retryAfter);
        } else if (underWay.tryAcquire()) {
            chunk.outgoing.add(new OutgoingEvent<>(messageId, key, event, properties));
            chunk.indexes.add(index);
        } else {
            request.failedKeys.add(key.value());
            chunk.receipts[index] = new Receipt.Throttled(messageId, retryAfter);
        }
    }

    private void settle(Request request, Chunk chunk, List<Publication> publications) {
        Set<Key> unknownKeys = new HashSet<>();
        for (int i = 0; i < publications.size(); i++) {
            OutgoingEvent<E> event = chunk.outgoing.get(i);
            Receipt receipt = receipt(event, publications.get(i), unknownKeys);
            if (!(receipt instanceof Receipt.Accepted)) {
                request.failedKeys.add(event.key().value());
            }
            chunk.receipts[chunk.indexes.get(i)] = receipt;
        }
        request.brokerIsLate |= !unknownKeys.isEmpty();
    }

    private Receipt receipt(OutgoingEvent<E> event, Publication publication, Set<Key> unknownKeys) {
        MessageId messageId = event.messageId();
        return switch (publication) {
            case Publication.Stored stored when unknownKeys.contains(event.key()) ->
                    new Receipt.Unknown(messageId);
            case Publication.Stored stored -> new Receipt.Accepted(messageId, stored.position());
            case Publication.NotStored notStored -> new Receipt.NotStored(messageId, retryAfter);
            case Publication.TooLarge tooLarge -> new Receipt.TooLarge(messageId);
            case Publication.Aborted aborted -> new Receipt.Aborted(messageId);
            case Publication.Unknown unknown -> {
                unknownKeys.add(event.key());
                yield new Receipt.Unknown(messageId);
            }
        };
    }

    private void count(List<Receipt> receipts) {
        Map<String, Integer> results = new TreeMap<>();
        receipts.forEach(receipt -> results.merge(result(receipt), 1, Integer::sum));
        results.forEach((result, items) -> measurements.ingested(stream.name(), result, items));
    }

    private static String result(Receipt receipt) {
        return switch (receipt) {
            case Receipt.Accepted accepted -> "accepted";
            case Receipt.Unreadable unreadable -> "invalid";
            case Receipt.Aborted aborted -> "aborted";
            case Receipt.Throttled throttled -> "throttled";
            case Receipt.TooLarge tooLarge -> "too_large";
            case Receipt.NotStored notStored -> "not_stored";
            case Receipt.Unknown unknown -> "unknown";
        };
    }

    /** What one call has to remember from chunk to chunk. */
    private static final class Request {
        private final Set<String> failedKeys = new HashSet<>();

        /** A late broker costs its whole time limit; a request waits for that once. */
        private boolean brokerIsLate;
    }

    /** What is published together. */
    private final class Chunk {
        private final List<Submission<E>> submissions;
        private final Receipt[] receipts;
        private final List<OutgoingEvent<E>> outgoing = new ArrayList<>();
        private final List<Integer> indexes = new ArrayList<>();

        Chunk(List<Submission<E>> submissions) {
            this.submissions = submissions;
            this.receipts = new Receipt[submissions.size()];
        }
    }
}
