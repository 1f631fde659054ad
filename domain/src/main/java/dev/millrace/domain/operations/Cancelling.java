package dev.millrace.domain.operations;

import java.util.Objects;

/** What came of the wish to end a job. */
public sealed interface Cancelling {

    /** It retries nothing more; what it has retried stays so. */
    record Cancelled(Redrive redrive) implements Cancelling {
        public Cancelled {
            Objects.requireNonNull(redrive);
        }
    }

    /** It had ended before; nothing is changed. */
    record Ended(Redrive redrive) implements Cancelling {
        public Ended {
            Objects.requireNonNull(redrive);
        }
    }

    /** There is no such job. */
    record Unknown() implements Cancelling {}
}
