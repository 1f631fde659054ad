package dev.millrace.domain.operations;

import java.util.Objects;

/** What came of the wish to have a quarantined event tried again. */
public sealed interface Retrial permits Retrial.Parked, Retrial.Refused, Absent {

    /** It is back in its place among the parked events of its key, with all tries before it. */
    record Parked(QuarantinedEvent event) implements Retrial {
        public Parked {
            Objects.requireNonNull(event);
        }
    }

    /** Another try cannot help; nothing is changed. */
    record Refused(QuarantinedEvent event) implements Retrial {
        public Refused {
            Objects.requireNonNull(event);
        }
    }
}
