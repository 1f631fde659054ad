package dev.millrace.domain.operations;

import java.util.Objects;

/** What came of a look at one quarantined event. */
public sealed interface Inspection permits Inspection.Found, Absent {

    /** It is there. */
    record Found(Dossier dossier) implements Inspection {
        public Found {
            Objects.requireNonNull(dossier);
        }
    }
}
