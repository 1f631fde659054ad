package dev.millrace.domain;

import java.util.Objects;

/** What became of one delivery. Every delivery that is acknowledged has exactly one. */
public sealed interface Outcome {

    /** One lower-case word that programs may compare. */
    default String word() {
        return switch (this) {
            case Applied _ -> "applied";
            case Rejected _ -> "rejected";
            case Duplicate _ -> "duplicate";
            case Conflict _ -> "conflict";
            case Parked _ -> "parked";
            case Quarantined _ -> "quarantined";
            case Redelivered _ -> "redelivered";
        };
    }

    /** The event took effect. */
    record Applied() implements Outcome {}

    /** A business rule said no. */
    record Rejected(Reason reason) implements Outcome {
        public Rejected {
            Objects.requireNonNull(reason);
        }
    }

    /** A further copy of an event that has its outcome already. */
    record Duplicate(Position first) implements Outcome {
        public Duplicate {
            Objects.requireNonNull(first);
        }
    }

    /** Another event under a message ID that is taken: kept in quarantine, blocks nothing. */
    record Conflict(Position first) implements Outcome {
        public Conflict {
            Objects.requireNonNull(first);
        }
    }

    /** Waits, durably: it failed, or an event of its key before it did. */
    record Parked() implements Outcome {}

    /** Needs a person. */
    record Quarantined(Reason reason) implements Outcome {
        public Quarantined {
            Objects.requireNonNull(reason);
        }
    }

    /**
     * The same copy arrived again after its outcome had been committed: nothing was done, nothing
     * is counted twice.
     */
    record Redelivered() implements Outcome {}
}
