package dev.millrace.ports.operations.driven;

import dev.millrace.domain.operations.AuditEntry;

import java.util.List;

/** What people did, in one tenant's namespace. Thread-safe. */
@FunctionalInterface
public interface AuditLog {

    /**
     * Acts by their IDs.
     *
     * @param after only higher IDs
     * @param limit how many at most
     * @throws dev.millrace.ports.Unavailable when the database is away
     */
    List<AuditEntry> read(long after, int limit);
}
