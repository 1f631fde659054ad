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

    /**
     * A boundary lies in a partition that the topic does not have; nothing is changed.
     *
     * @param partitions how many it has, counted from 0
     */
    record NoSuchPartition(int partitions) implements ReplayBeginning {}
}
