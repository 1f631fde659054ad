package dev.millrace.bootstrap.service;

import dev.millrace.ports.driven.EventPublisher;
import dev.millrace.ports.driven.OutgoingEvent;
import dev.millrace.ports.driven.Publication;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Stands in for the publisher until the topic is known to be as configured: the gate listens from
 * the start, and what it takes before is surely not stored. Publishing earlier could put a key
 * where its other events are not. Thread-safe.
 */
final class DeferredPublisher<E> implements EventPublisher<E> {

    private final AtomicReference<EventPublisher<E>> publisher =
            new AtomicReference<>(DeferredPublisher::refuse);

    /** From here on this one publishes. */
    void become(EventPublisher<E> ready) {
        publisher.set(ready);
    }

    @Override
    public List<Publication> publish(List<OutgoingEvent<E>> events) {
        return publisher.get().publish(events);
    }

    private static <E> List<Publication> refuse(List<OutgoingEvent<E>> events) {
        return Collections.nCopies(
                events.size(), new Publication.NotStored("the topic has not been looked at yet"));
    }
}
