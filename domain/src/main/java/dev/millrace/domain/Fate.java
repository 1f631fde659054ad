package dev.millrace.domain;

import java.time.Duration;
import java.util.Objects;

/** What becomes of an event after a failure. */
public sealed interface Fate {

    /** One lower-case word that programs may compare. */
    default String word() {
        return switch (this) {
            case Unchanged _ -> "unchanged";
            case Retry _ -> "retry";
            case Quarantine _ -> "quarantine";
        };
    }

    /** Nothing is counted: the same try is made again when the outage is over. */
    record Unchanged() implements Fate {}

    /** It is parked, and tried again after this delay. */
    record Retry(Duration delay) implements Fate {
        public Retry {
            if (delay.isNegative()) {
                throw new InvalidValue("delay", "must not be negative");
            }
        }
    }

    /** It needs a person. */
    record Quarantine(Reason reason) implements Fate {
        public Quarantine {
            Objects.requireNonNull(reason);
        }
    }
}
