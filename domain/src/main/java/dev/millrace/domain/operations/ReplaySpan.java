package dev.millrace.domain.operations;

import dev.millrace.domain.InvalidValue;
import dev.millrace.domain.Position;

import java.util.Objects;

/**
 * What of one partition is still to be replayed.
 *
 * @param next where the first copy lies that was not looked at yet
 * @param until the end, which is not part of it
 */
public record ReplaySpan(Position next, Position until) {

    public ReplaySpan {
        Objects.requireNonNull(next);
        Objects.requireNonNull(until);
        if (next.partition() != until.partition()) {
            throw new InvalidValue("until", "must be in the partition of next");
        }
    }

    /** The partition that it is of. */
    public int partition() {
        return until.partition();
    }

    /** Whether nothing is left of it. */
    public boolean isDone() {
        return !next.isBefore(until);
    }

    /** Whether a copy is part of it. */
    public boolean contains(Position position) {
        return !position.isBefore(next) && position.isBefore(until);
    }

    /** What is left behind a copy. */
    public ReplaySpan behind(Position position) {
        return new ReplaySpan(
                new Position(
                        position.ledger(),
                        position.entry(),
                        position.partition(),
                        position.batchIndex() + 1),
                until);
    }

    /** Nothing of it is left. */
    public ReplaySpan done() {
        return new ReplaySpan(until, until);
    }
}
