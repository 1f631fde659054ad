package dev.millrace.ports.driven;

import dev.millrace.domain.Content;

/**
 * Writes events as they travel. Thread-safe.
 *
 * @param <E> the stream's event
 */
@FunctionalInterface
public interface Encoder<E> {

    /**
     * Writes one with the schema of this version.
     *
     * @throws dev.millrace.ports.Unavailable when the broker does not tell under which version it
     *     has that schema
     */
    Content encode(E event);
}
