package dev.millrace.adapters.postgres;

import dev.millrace.domain.Content;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.operations.Absent;
import dev.millrace.domain.operations.Disposal;
import dev.millrace.domain.operations.Inspection;
import dev.millrace.domain.operations.QuarantineCause;
import dev.millrace.domain.operations.QuarantineFilter;
import dev.millrace.domain.operations.QuarantinedEvent;
import dev.millrace.domain.operations.Retrial;
import dev.millrace.domain.operations.Revision;
import dev.millrace.domain.operations.Signature;
import dev.millrace.ports.operations.driven.Quarantine;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The quarantine of one tenant's namespace. An act takes the key's row first, as lanes and
 * releasers do, then the event's, then its record's: so it follows them, and no other act comes
 * between. Thread-safe.
 */
public final class PostgresQuarantine implements Quarantine {

    private final PostgresDatabase database;
    private final Tenant tenant;
    private final Namespace namespace;

    /** The quarantine of all subscriptions of this tenant's streams in this namespace. */
    public PostgresQuarantine(PostgresDatabase database, Tenant tenant, Namespace namespace) {
        this.database = Objects.requireNonNull(database);
        this.tenant = Objects.requireNonNull(tenant);
        this.namespace = Objects.requireNonNull(namespace);
    }

    @Override
    public List<QuarantinedEvent> list(QuarantineFilter filter, long after, int limit) {
        return database.read(
                "the list of quarantined events",
                connection -> tables(connection).list(filter, after, limit));
    }

    @Override
    public List<QuarantineCause> causes(QuarantineFilter filter) {
        return database.read(
                "the causes of quarantine", connection -> tables(connection).causes(filter));
    }

    @Override
    public Inspection show(long id) {
        return database.read(
                "a quarantined event",
                connection -> {
                    var dossier = tables(connection).find(id);
                    return dossier.isPresent()
                            ? new Inspection.Found(dossier.get())
                            : absent(connection, id);
                });
    }

    @Override
    public Retrial retry(long id, Signature signature) {
        return new Acts(database, "a retry")
                .run(connection -> retry(connection, id, signature, Map.of()));
    }

    /**
     * The same inside a transaction that somebody else commits.
     *
     * @param details for the audit log, beside those of the event
     */
    Retrial retry(Connection connection, long id, Signature signature, Map<String, String> details)
            throws SQLException {
        Optional<Held> held = hold(connection, id);
        return held.isEmpty()
                ? absent(connection, id)
                : retry(connection, held.get(), signature, details);
    }

    private Retrial retry(
            Connection connection, Held held, Signature signature, Map<String, String> details)
            throws SQLException {
        QuarantinedEvent event = held.event();
        if (!event.isRetriable()) {
            return new Retrial.Refused(event);
        }
        QuarantineTables tables = tables(connection);
        long sequence = tables.park(event.id());
        if (!tables.restate(event.id(), "parked", false)) {
            throw new IllegalStateException(
                    "the quarantined event " + event.id() + " has no record of its own");
        }
        tables.remove(event.id());
        new KeyTables(connection, held.subscription()).takeBack(event.key(), sequence);
        audit(connection, "retry", signature, event, details);
        return new Retrial.Parked(event);
    }

    @Override
    public Revision edit(long id, int edition, Content content, Signature signature) {
        Signature reasoned = signature.withReason();
        return new Acts(database, "an edit")
                .run(connection -> {
                    Optional<Held> held = hold(connection, id);
                    return held.isEmpty()
                            ? absent(connection, id)
                            : edit(connection, held.get().event(), edition, content, reasoned);
                });
    }

    private Revision edit(
            Connection connection,
            QuarantinedEvent event,
            int edition,
            Content content,
            Signature signature)
            throws SQLException {
        if (!event.isRetriable()) {
            return new Revision.Refused(event);
        }
        if (event.edition() != edition) {
            return new Revision.EditionChanged(event.edition());
        }
        tables(connection).edit(event, content, signature);
        long _ =
                audit(
                        connection,
                        "edit",
                        signature,
                        event,
                        Map.of("edition", Integer.toString(edition + 1)));
        return new Revision.Edited(event, edition + 1);
    }

    @Override
    public Disposal discard(long id, Signature signature) {
        Signature reasoned = signature.withReason();
        return new Acts(database, "a discard")
                .run(connection -> {
                    Optional<Held> held = hold(connection, id);
                    return held.isEmpty()
                            ? absent(connection, id)
                            : discard(connection, held.get(), reasoned);
                });
    }

    private Disposal discard(Connection connection, Held held, Signature signature)
            throws SQLException {
        QuarantinedEvent event = held.event();
        QuarantineTables tables = tables(connection);
        long auditId = audit(connection, "discard", signature, event, Map.of());
        if (!tables.restate(event.id(), "discarded", true)) {
            tables.account(event.id(), auditId);
        }
        tables.remove(event.id());
        return new Disposal.Discarded(
                event, new KeyTables(connection, held.subscription()).goOn(event.key()));
    }

    /** A quarantined event that nobody else can touch, nor anything of its key. */
    private record Held(int subscription, QuarantinedEvent event) {}

    private Optional<Held> hold(Connection connection, long id) throws SQLException {
        QuarantineTables tables = tables(connection);
        Optional<QuarantineTables.Place> place = tables.place(id);
        if (place.isEmpty()) {
            return Optional.empty();
        }
        int subscription = place.get().subscription();
        new KeyTables(connection, subscription).await(place.get().key());
        return tables.hold(id).map(event -> new Held(subscription, event));
    }

    private Absent absent(Connection connection, long id) throws SQLException {
        return new AuditTable(connection, tenant, namespace)
                .endOf(id)
                .<Absent>map(Absent.Settled::new)
                .orElseGet(Absent.Unknown::new);
    }

    /** The evidence goes, so its identity and position are written down. */
    private long audit(
            Connection connection,
            String act,
            Signature signature,
            QuarantinedEvent event,
            Map<String, String> more)
            throws SQLException {
        Map<String, String> details = new TreeMap<>(more);
        details.put("quarantineId", Long.toString(event.id()));
        details.put("reason", event.reason().value());
        details.put("position", event.position().toString());
        details.put("attempts", Integer.toString(event.attempts()));
        return new AuditTable(connection, tenant, namespace)
                .add(
                        act,
                        signature,
                        new AuditTable.Subject(
                                event.stream().value(),
                                event.subscription(),
                                event.key(),
                                event.messageId(),
                                event.id()),
                        details);
    }

    private QuarantineTables tables(Connection connection) {
        return new QuarantineTables(connection, tenant, namespace);
    }
}
