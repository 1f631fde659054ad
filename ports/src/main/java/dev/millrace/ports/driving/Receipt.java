package dev.millrace.ports.driving;

import dev.millrace.domain.MessageId;
import dev.millrace.domain.Position;

import java.time.Duration;
import java.util.Objects;

/** What became of one submission. */
public sealed interface Receipt {

    /** The broker has stored the event. */
    record Accepted(MessageId messageId, Position position) implements Receipt {
        public Accepted {
            Objects.requireNonNull(messageId);
            Objects.requireNonNull(position);
        }
    }

    /** The item was no event. */
    record Unreadable() implements Receipt {}

    /** Surely not stored, and not tried: an earlier item of its key failed. */
    record Aborted(MessageId messageId) implements Receipt {
        public Aborted {
            Objects.requireNonNull(messageId);
        }
    }

    /** Surely not stored: as many events are under way as this gate takes. */
    record Throttled(MessageId messageId, Duration retryAfter) implements Receipt {
        public Throttled {
            Objects.requireNonNull(messageId);
            Objects.requireNonNull(retryAfter);
        }
    }

    /** Surely not stored: the event is larger than the broker takes. */
    record TooLarge(MessageId messageId) implements Receipt {
        public TooLarge {
            Objects.requireNonNull(messageId);
        }
    }

    /** Surely not stored: the broker does not take it now. */
    record NotStored(MessageId messageId, Duration retryAfter) implements Receipt {
        public NotStored {
            Objects.requireNonNull(messageId);
            Objects.requireNonNull(retryAfter);
        }
    }

    /** Perhaps stored: no answer came in time. A further try with the same message ID is safe. */
    record Unknown(MessageId messageId) implements Receipt {
        public Unknown {
            Objects.requireNonNull(messageId);
        }
    }
}
