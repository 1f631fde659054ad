package dev.millrace.domain.operations;

import java.time.Instant;
import java.util.Objects;

/**
 * Something that happened, and when.
 *
 * @param at {@link Instant#MAX} when nobody wrote down when; it then was after all that has a time
 */
public record Moment(Instant at, Happening happening) {

    public Moment {
        Objects.requireNonNull(at);
        Objects.requireNonNull(happening);
    }

    /** Whether it is known when it was. */
    public boolean isDated() {
        return !at.equals(Instant.MAX);
    }
}
