package dev.millrace.domain;

import java.time.Instant;
import java.util.Objects;

/**
 * A stretch of a topic, by the publish times of its copies: in each partition it begins with the
 * first copy that is not older than its beginning, and ends before the first after that which is
 * not older than its end. So it has no gap where the clocks of two producers differ.
 *
 * @param from its beginning
 * @param to its end, which is not part of it
 */
public record Period(Instant from, Instant to) {

    /** All that a topic has retained. */
    public static final Period ALL = new Period(Instant.EPOCH, Instant.MAX);

    /**
     * @throws InvalidValue unless it begins before it ends, and not before 1970
     */
    public Period {
        Objects.requireNonNull(from);
        Objects.requireNonNull(to);
        if (from.isBefore(Instant.EPOCH)) {
            throw new InvalidValue("from", "must not be before 1970");
        }
        if (!from.isBefore(to)) {
            throw new InvalidValue("to", "must be later than from");
        }
    }

    /** Whether it goes on to the newest copy. */
    public boolean isOpen() {
        return to.equals(Instant.MAX);
    }
}
