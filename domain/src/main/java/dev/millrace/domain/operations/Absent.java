package dev.millrace.domain.operations;

import java.util.Objects;

/** Why nothing is found under an ID of quarantine. */
public sealed interface Absent extends Inspection, Retrial, Disposal, Revision {

    /** Somebody has dealt with it. */
    record Settled(AuditEntry act) implements Absent {
        public Settled {
            Objects.requireNonNull(act);
        }
    }

    /** It was never there, or so long ago that nobody knows any more. */
    record Unknown() implements Absent {}
}
