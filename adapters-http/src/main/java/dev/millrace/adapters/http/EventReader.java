package dev.millrace.adapters.http;

/**
 * How a stream's events are written in JSON: all that the gate knows of it. Pure and thread-safe.
 *
 * @param <E> the stream's event
 */
@FunctionalInterface
public interface EventReader<E> {

    /**
     * Reads one event, by asking for each of its fields and ending with {@link EventFields#event}.
     * The gate has taken {@code messageId} out before.
     *
     * @return the event, or all that is wrong with it
     */
    Reading<E> read(EventFields fields);
}
