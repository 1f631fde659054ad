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
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;

/**
 * Takes events in: names those without a message ID, keeps the number under way bounded, publishes,
 * and answers for each what is certain.
 *
 * <p>Order per key is kept by refusing: what follows a failed item of its key is never stored in
 * its place.
 */
public final class EventIngestion<E> implements IngestEvents<E> {

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
    public List<Receipt> ingest(List<Submission<E>> submissions) {
        Request request = new Request(submissions.size());
        try {
            for (int index = 0; index < submissions.size(); index++) {
                admit(request, index, submissions.get(index));
            }
            publish(request);
        } finally {
            underWay.release(request.outgoing.size());
        }
        List<Receipt> receipts = List.of(request.receipts);
        count(receipts);
        return receipts;
    }

    private void admit(Request request, int index, Submission<E> submission) {
        switch (submission) {
            case Submission.Unreadable<E>(String key) -> {
                request.failedKeys.add(key);
                request.receipts[index] = new Receipt.Unreadable();
            }
            case Submission.Identified<E>(
                            MessageId messageId,
                            E event,
                            Map<String, String> properties) ->
                    admit(request, index, messageId, event, properties);
            case Submission.Anonymous<E>(E event, Map<String, String> properties) ->
                    admit(request, index, messageIds.next(), event, properties);
        }
    }

    private void admit(
            Request request,
            int index,
            MessageId messageId,
            E event,
            Map<String, String> properties) {
        Key key = stream.key().apply(event);
        if (request.failedKeys.contains(key.value())) {
            request.receipts[index] = new Receipt.Aborted(messageId);
        } else if (underWay.tryAcquire()) {
            request.outgoing.add(new OutgoingEvent<>(messageId, key, event, properties));
            request.indexes.add(index);
        } else {
            request.failedKeys.add(key.value());
            request.receipts[index] = new Receipt.Throttled(messageId, retryAfter);
        }
    }

    private void publish(Request request) {
        if (request.outgoing.isEmpty()) {
            return;
        }
        List<Publication> publications = publisher.publish(request.outgoing);
        Set<Key> unknownKeys = new HashSet<>();
        for (int i = 0; i < publications.size(); i++) {
            OutgoingEvent<E> event = request.outgoing.get(i);
            request.receipts[request.indexes.get(i)] =
                    receipt(event, publications.get(i), unknownKeys);
        }
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

    /** One call's working state. */
    private final class Request {
        private final Receipt[] receipts;
        private final Set<String> failedKeys = new HashSet<>();
        private final List<OutgoingEvent<E>> outgoing = new ArrayList<>();
        private final List<Integer> indexes = new ArrayList<>();

        Request(int size) {
            receipts = new Receipt[size];
        }
    }
}
