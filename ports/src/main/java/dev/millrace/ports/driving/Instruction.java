package dev.millrace.ports.driving;

import java.time.Duration;
import java.util.Objects;

/** What a lane has to do with the batch that it handed over. */
public sealed interface Instruction {

    /** Everything is committed: acknowledge the whole batch. */
    record Acknowledge() implements Instruction {}

    /**
     * An outage, or as much is parked as may be: keep the batch, receive nothing more, and hand it
     * over again after this time.
     */
    record Retry(Duration after, String why) implements Instruction {
        public Retry {
            Objects.requireNonNull(after);
            Objects.requireNonNull(why);
        }
    }

    /**
     * A person wants a pause: keep consumer and batch, receive nothing more, and ask again after
     * this time.
     */
    record Hold(Duration after, String why) implements Instruction {
        public Hold {
            Objects.requireNonNull(after);
            Objects.requireNonNull(why);
        }
    }

    /**
     * An outage that lasts: forget the batch, close the consumer so that others may have its keys,
     * and ask again with an empty batch after this time; subscribe anew once the answer is {@link
     * Acknowledge} or {@link Hold}.
     */
    record Withdraw(Duration after, String why) implements Instruction {
        public Withdraw {
            Objects.requireNonNull(after);
            Objects.requireNonNull(why);
        }
    }
}
