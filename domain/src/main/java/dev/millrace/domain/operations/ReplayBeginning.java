package dev.millrace.domain.operations;

import java.util.Objects;

/** What came of the wish to replay. */
public sealed interface ReplayBeginning {

    /** It runs. */
    record Begun(Replay replay) implements ReplayBeginning {
        public Begun {
            Objects.requireNonNull(replay);
        }
    }

    /** Another one of the same subscription runs; nothing is changed. */
    record Busy(long running) implements ReplayBeginning {}
}
