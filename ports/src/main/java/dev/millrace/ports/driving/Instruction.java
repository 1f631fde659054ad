package dev.millrace.ports.driving;

import dev.millrace.domain.Position;

import java.time.Duration;
import java.util.Objects;

/** What a lane has to do with the batch that it handed over. */
public sealed interface Instruction {

    /** Everything is committed: acknowledge the whole batch. */
    record Acknowledge() implements Instruction {}

    /** An outage: keep the batch, receive nothing more, and hand it over again after this time. */
    record Retry(Duration after, String why) implements Instruction {
        public Retry {
            Objects.requireNonNull(after);
            Objects.requireNonNull(why);
        }
    }

    /**
     * An outage that lasts: forget the batch, close the consumer so that others may have its keys,
     * and ask again with an empty batch after this time; subscribe anew once the answer is {@link
     * Acknowledge}.
     */
    record Withdraw(Duration after, String why) implements Instruction {
        public Withdraw {
            Objects.requireNonNull(after);
            Objects.requireNonNull(why);
        }
    }

    /**
     * One event's own fault: acknowledge the deliveries before it, which are committed, keep the
     * rest unacknowledged, and receive nothing more.
     *
     * @param committed how many deliveries at the start of the batch are committed
     * @param messageId of the event at fault; empty when its copy has none
     */
    record Halt(int committed, String messageId, Position position, String why)
            implements Instruction {
        public Halt {
            Objects.requireNonNull(messageId);
            Objects.requireNonNull(position);
            Objects.requireNonNull(why);
        }
    }
}
