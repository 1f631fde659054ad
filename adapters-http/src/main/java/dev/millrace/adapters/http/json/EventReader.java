package dev.millrace.adapters.http.json;

import java.util.Optional;

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

    /**
     * The text field that a CloudEvent's {@code subject} fills when its data leaves it out; empty
     * for none.
     */
    default Optional<String> subjectField() {
        return Optional.empty();
    }

    /**
     * The {@linkplain EventFields#instant time} that a CloudEvent's {@code time} fills when its
     * data leaves it out; empty for none.
     */
    default Optional<String> timeField() {
        return Optional.empty();
    }
}
