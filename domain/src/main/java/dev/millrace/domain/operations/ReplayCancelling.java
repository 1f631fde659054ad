package dev.millrace.domain.operations;

import java.util.Objects;

/** What came of the wish to end a replay. */
public sealed interface ReplayCancelling {

    /** It goes no further; what it has filled stays so. */
    record Cancelled(Replay replay) implements ReplayCancelling {
        public Cancelled {
            Objects.requireNonNull(replay);
        }
    }

    /** It had ended before; nothing is changed. */
    record Ended(Replay replay) implements ReplayCancelling {
        public Ended {
            Objects.requireNonNull(replay);
        }
    }

    /** There is no such replay. */
    record Unknown() implements ReplayCancelling {}
}
