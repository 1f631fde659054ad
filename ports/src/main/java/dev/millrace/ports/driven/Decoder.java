package dev.millrace.ports.driven;

import dev.millrace.domain.Delivery;
import dev.millrace.domain.ParkedEvent;

/**
 * Reads the events of stored copies. Thread-safe.
 *
 * @param <E> the stream's event
 */
@FunctionalInterface
public interface Decoder<E> {

    /**
     * Reads one again.
     *
     * @throws dev.millrace.ports.Unavailable when the schema that wrote it cannot be looked up
     */
    Delivery<E> decode(ParkedEvent event);
}
