package dev.millrace.domain.operations;

import dev.millrace.domain.InvalidValue;

import java.util.Objects;
import java.util.OptionalInt;

/**
 * Which part of a topic is replayed.
 *
 * @param from its beginning
 * @param to its end, which is not part of it
 */
public record ReplayScope(ReplayBoundary from, ReplayBoundary to) {

    /** All that the topic has. */
    public static final ReplayScope ALL =
            new ReplayScope(new ReplayBoundary.Open(), new ReplayBoundary.Open());

    /**
     * @throws InvalidValue when it surely ends before it begins, or in another partition
     */
    public ReplayScope {
        Objects.requireNonNull(from);
        Objects.requireNonNull(to);
        if (from instanceof ReplayBoundary.Time first
                && to instanceof ReplayBoundary.Time last
                && !first.instant().isBefore(last.instant())) {
            throw new InvalidValue("to", "must be later than from");
        }
        if (from instanceof ReplayBoundary.Place first && to instanceof ReplayBoundary.Place last) {
            if (first.position().partition() != last.position().partition()) {
                throw new InvalidValue("to", "must be in the partition of from");
            }
            if (!first.position().isBefore(last.position())) {
                throw new InvalidValue("to", "must be behind from");
            }
        }
    }

    /** The one partition that is replayed, when a boundary is a place in it. */
    public OptionalInt partition() {
        if (from instanceof ReplayBoundary.Place place) {
            return OptionalInt.of(place.position().partition());
        }
        return to instanceof ReplayBoundary.Place place
                ? OptionalInt.of(place.position().partition())
                : OptionalInt.empty();
    }
}
