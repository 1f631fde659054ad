package dev.millrace.adapters.postgres;

import dev.millrace.domain.Namespace;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.operations.AuditEntry;
import dev.millrace.ports.operations.driven.AuditLog;
import dev.millrace.ports.operations.driven.FinishedRecords;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** What people did in one tenant's namespace. Thread-safe. */
public final class PostgresAuditLog implements AuditLog, FinishedRecords {

    private final PostgresDatabase database;
    private final Tenant tenant;
    private final Namespace namespace;

    /** The acts on this tenant's streams in this namespace, and on no other. */
    public PostgresAuditLog(PostgresDatabase database, Tenant tenant, Namespace namespace) {
        this.database = Objects.requireNonNull(database);
        this.tenant = Objects.requireNonNull(tenant);
        this.namespace = Objects.requireNonNull(namespace);
    }

    @Override
    public List<AuditEntry> read(long after, int limit) {
        return database.read(
                "the audit log",
                connection -> new AuditTable(connection, tenant, namespace).list(after, limit));
    }

    @Override
    public int purge(Instant actedBefore, int limit) {
        return new Acts(database, "the purge of the audit log")
                .run(connection ->
                        new AuditTable(connection, tenant, namespace).purge(actedBefore, limit));
    }
}
