package dev.millrace.domain.operations;

import dev.millrace.domain.FailedAttempt;
import dev.millrace.domain.Position;
import dev.millrace.domain.Reason;

import java.time.Instant;
import java.util.Objects;

/** One thing that happened to an event on its way. */
public sealed interface Happening {

    /** One lower-case word that programs may compare. */
    default String word() {
        return switch (this) {
            case Published _ -> "published";
            case Recorded _ -> "recorded";
            case Repeated _ -> "repeated";
            case Failed _ -> "failed";
            case Parked _ -> "parked";
            case Quarantined _ -> "quarantined";
            case Acted(AuditEntry act) -> act.act();
            case Applied _ -> "applied";
            case WithoutEffect _ -> "without-effect";
            case Rejected _ -> "rejected";
        };
    }

    /** Its producer published a copy, by that producer's clock. */
    record Published(Position position) implements Happening {
        public Published {
            Objects.requireNonNull(position);
        }
    }

    /** Its first copy was delivered, and got the record that makes a second effect impossible. */
    record Recorded(Position position) implements Happening {
        public Recorded {
            Objects.requireNonNull(position);
        }
    }

    /** A further copy was counted, and had no effect. */
    record Repeated(Position position) implements Happening {
        public Repeated {
            Objects.requireNonNull(position);
        }
    }

    /** A try failed by the event's own fault. */
    record Failed(FailedAttempt attempt) implements Happening {
        public Failed {
            Objects.requireNonNull(attempt);
        }
    }

    /**
     * It was parked, and waits still.
     *
     * @param attempts how many tries have failed since
     * @param dueAt when it is tried; {@link Instant#MAX} while something else comes first
     */
    record Parked(int attempts, Instant dueAt) implements Happening {
        public Parked {
            Objects.requireNonNull(dueAt);
        }
    }

    /**
     * A copy came to quarantine.
     *
     * @param id of the stay
     * @param detail for a person; empty when the stay is over
     * @param unpublished whether the dead-letter topic does not have it yet
     */
    record Quarantined(
            long id, Position position, Reason reason, String detail, boolean unpublished)
            implements Happening {
        public Quarantined {
            Objects.requireNonNull(position);
            Objects.requireNonNull(reason);
            Objects.requireNonNull(detail);
        }
    }

    /** Somebody did something about it. */
    record Acted(AuditEntry act) implements Happening {
        public Acted {
            Objects.requireNonNull(act);
        }
    }

    /**
     * It took effect.
     *
     * @param words what the effect is; empty when nobody here knows
     */
    record Applied(String words) implements Happening {
        public Applied {
            Objects.requireNonNull(words);
        }
    }

    /** It is recorded as applied, and its effect is not there. */
    record WithoutEffect() implements Happening {}

    /** A business rule said no. */
    record Rejected(String reason) implements Happening {
        public Rejected {
            Objects.requireNonNull(reason);
        }
    }
}
