package dev.millrace.ports.driven;

import dev.millrace.domain.Outcome;

import java.util.List;
import java.util.Objects;

/** What became of the beginning of a key's parked events. */
public sealed interface Release {

    /**
     * It is committed.
     *
     * @param outcomes one for each event, in the same order
     */
    record Committed(List<Outcome> outcomes) implements Release {
        public Committed {
            outcomes = List.copyOf(outcomes);
        }
    }

    /** Somebody else has the key, or has had it since its queue was read; nothing happened. */
    record Elsewhere() implements Release {}

    /** The database refused what some event wrote; nothing is committed. */
    record Refused(Throwable cause) implements Release {
        public Refused {
            Objects.requireNonNull(cause);
        }
    }

    /** It took too long for the database; nothing is committed. */
    record Overrun(Throwable cause) implements Release {
        public Overrun {
            Objects.requireNonNull(cause);
        }
    }
}
