package dev.millrace.ports.driven;

import dev.millrace.domain.MessageId;
import dev.millrace.domain.Outcome;
import dev.millrace.domain.Position;

import java.util.List;
import java.util.Objects;

/** What became of a batch. */
public sealed interface Settlement {

    /**
     * The batch is committed.
     *
     * @param outcomes one for each delivery, in the same order
     */
    record Committed(List<Outcome> outcomes) implements Settlement {
        public Committed {
            outcomes = List.copyOf(outcomes);
        }
    }

    /** The rules broke on one event; nothing is committed. */
    record Faulted(MessageId messageId, Position position, Throwable cause) implements Settlement {
        public Faulted {
            Objects.requireNonNull(messageId);
            Objects.requireNonNull(position);
            Objects.requireNonNull(cause);
        }
    }

    /**
     * The database refused what some event wrote, and it is not known which; nothing is committed.
     */
    record Refused(Throwable cause) implements Settlement {
        public Refused {
            Objects.requireNonNull(cause);
        }
    }
}
