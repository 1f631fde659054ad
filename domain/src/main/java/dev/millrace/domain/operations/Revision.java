package dev.millrace.domain.operations;

import java.util.Objects;

/** What came of the wish to give a quarantined event another content. */
public sealed interface Revision
        permits Revision.Edited,
                Revision.EditionChanged,
                Revision.OtherKey,
                Revision.Refused,
                Absent {

    /**
     * It has it, and what it had before is kept.
     *
     * @param edition its number now
     */
    record Edited(QuarantinedEvent event, int edition) implements Revision {
        public Edited {
            Objects.requireNonNull(event);
        }
    }

    /** Somebody has edited it meanwhile; nothing is changed. */
    record EditionChanged(int current) implements Revision {}

    /** The new content is of another key; nothing is changed. */
    record OtherKey(String key) implements Revision {
        public OtherKey {
            Objects.requireNonNull(key);
        }
    }

    /** Another content cannot help, as the event cannot be tried again; nothing is changed. */
    record Refused(QuarantinedEvent event) implements Revision {
        public Refused {
            Objects.requireNonNull(event);
        }
    }
}
