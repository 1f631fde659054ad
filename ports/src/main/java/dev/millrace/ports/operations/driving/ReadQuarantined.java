package dev.millrace.ports.operations.driving;

import dev.millrace.domain.operations.Transcript;

/**
 * Reads what an event that needs a person says, as it came and as it was edited. Thread-safe.
 *
 * @param <E> the stream's event
 */
@FunctionalInterface
public interface ReadQuarantined<E> {

    /**
     * Reads it.
     *
     * @throws dev.millrace.ports.Unavailable when database or broker are away
     */
    Transcript<E> read(long id);
}
