package dev.millrace.ports.operations.driving;

import dev.millrace.domain.operations.AuditEntry;

import java.util.List;

/** Tells what people did. Thread-safe. */
@FunctionalInterface
public interface ReadAuditLog {

    /**
     * Reads by the ID.
     *
     * @param after only higher IDs
     * @param limit how many at most
     * @throws dev.millrace.ports.Unavailable when the database is away
     */
    List<AuditEntry> read(long after, int limit);
}
