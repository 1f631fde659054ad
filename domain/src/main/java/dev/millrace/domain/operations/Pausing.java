package dev.millrace.domain.operations;

import java.util.Objects;

/** What came of the wish to have the lanes of a subscription pause. */
public sealed interface Pausing {

    /** They are to pause from now on. */
    record Paused(LanePause pause) implements Pausing {
        public Paused {
            Objects.requireNonNull(pause);
        }
    }

    /** They were to pause before, on this account; nothing is changed. */
    record AlreadyPaused(LanePause pause) implements Pausing {
        public AlreadyPaused {
            Objects.requireNonNull(pause);
        }
    }

    /** No lane has ever worked for such a subscription. */
    record Unknown() implements Pausing {}
}
