package dev.millrace.ports.counter;

import dev.millrace.domain.Key;

import java.util.Objects;

/**
 * Adds to a counter.
 *
 * @param by what to add; may be negative
 * @param fail whether the rules are to break on it
 */
public record CountEvent(Key key, long by, boolean fail) {

    public CountEvent {
        Objects.requireNonNull(key);
    }
}
