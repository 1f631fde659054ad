package dev.millrace.ports.driving;

import dev.millrace.domain.Difference;

import java.util.Objects;

/** What an audit tells while it runs. */
public sealed interface AuditNote {

    /** So many copies of the topic, and then so many records, have been looked at. */
    record Progress(long copies, long records) implements AuditNote {}

    /** One difference; it has been looked at twice. */
    record Found(Difference difference) implements AuditNote {
        public Found {
            Objects.requireNonNull(difference);
        }
    }
}
