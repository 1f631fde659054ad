package dev.millrace.ports.driven;

import dev.millrace.domain.Outcome;

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

    /**
     * The database refused what some event wrote, and it is not known which; nothing is committed.
     */
    record Refused(Throwable cause) implements Settlement {
        public Refused {
            Objects.requireNonNull(cause);
        }
    }

    /**
     * It took too long for the database: an outage, or what some event makes it do; nothing is
     * committed.
     */
    record Overrun(Throwable cause) implements Settlement {
        public Overrun {
            Objects.requireNonNull(cause);
        }
    }
}
