package dev.millrace.adapters.http.json;

import tools.jackson.core.JsonGenerator;

/**
 * Writes a stream's events as its {@link EventReader} reads them. Pure and thread-safe.
 *
 * @param <E> the stream's event
 */
@FunctionalInterface
public interface EventWriter<E> {

    /** Writes the members of one event's object, which is open. */
    void write(JsonGenerator json, E event);
}
