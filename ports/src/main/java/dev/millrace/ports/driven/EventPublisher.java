package dev.millrace.ports.driven;

import java.util.List;

/**
 * Stores events of one stream in its topic. Thread-safe; blocks until the fate of each event is
 * known or its time is over.
 *
 * @param <E> the stream's event
 */
@FunctionalInterface
public interface EventPublisher<E> {

    /**
     * Hands the events to the broker in order, without waiting in between, and awaits all receipts.
     *
     * <p>Once one is refused at the call, the later ones of its key are not tried.
     *
     * @return one publication for each event, in the same order; an absent broker is a {@link
     *     Publication.NotStored}, not an exception
     */
    List<Publication> publish(List<OutgoingEvent<E>> events);
}
