package dev.millrace.domain.operations;

import java.util.Objects;

/**
 * What came of the wish to end a job.
 *
 * @param <J> the kind of job
 */
public sealed interface Cancelling<J extends Job> {

    /** It does nothing more; what it has done stays so. */
    record Cancelled<J extends Job>(J job) implements Cancelling<J> {
        public Cancelled {
            Objects.requireNonNull(job);
        }
    }

    /** It had ended before; nothing is changed. */
    record Ended<J extends Job>(J job) implements Cancelling<J> {
        public Ended {
            Objects.requireNonNull(job);
        }
    }

    /** There is no such job. */
    record Unknown<J extends Job>() implements Cancelling<J> {}
}
