package dev.millrace.adapters.postgres;

import static dev.millrace.adapters.postgres.Rows.prepare;

import dev.millrace.domain.MessageId;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.operations.AuditEntry;
import dev.millrace.domain.operations.Signature;
import dev.millrace.domain.operations.SubscriptionName;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The audit log as one transaction uses it: it adds, reads, lets old acts go, and cannot change.
 */
final class AuditTable {

    private static final String ENTRY =
            """
            SELECT id, acted_at, actor, act, why, stream, subscription, key, message_id,
                ARRAY(SELECT d.key FROM jsonb_each_text(details) AS d ORDER BY d.key) AS names,
                ARRAY(SELECT d.value FROM jsonb_each_text(details) AS d ORDER BY d.key) AS values
            FROM audit_log
            """;

    private final Connection connection;
    private final Tenant tenant;
    private final Namespace namespace;

    AuditTable(Connection connection, Tenant tenant, Namespace namespace) {
        this.connection = connection;
        this.tenant = tenant;
        this.namespace = namespace;
    }

    /**
     * What an act is about; an empty text where it is about none.
     *
     * @param quarantineId 0 where it is about no stay in quarantine
     */
    record Subject(
            String stream, String subscription, String key, String messageId, long quarantineId) {}

    /**
     * Adds an act.
     *
     * @return its ID
     */
    long add(String act, Signature signature, Subject subject, Map<String, String> details)
            throws SQLException {
        Rows<Map.Entry<String, String>> rows = Rows.of(details.entrySet());
        try (PreparedStatement insert =
                        prepare(
                                connection,
                                """
                                INSERT INTO audit_log (actor, act, why, tenant, namespace, stream, subscription, key,
                                    message_id, quarantine_id, details)
                                SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, nullif(?::bigint, 0), coalesce(jsonb_object_agg(d.name, d.value), '{}')
                                FROM unnest(?::text[], ?::text[]) AS d (name, value)
                                RETURNING id
                                """,
                                InboxTables.storable(signature.by()),
                                act,
                                InboxTables.storable(signature.why()),
                                tenant.value(),
                                namespace.value(),
                                subject.stream(),
                                subject.subscription(),
                                subject.key(),
                                subject.messageId(),
                                subject.quarantineId(),
                                rows.texts(Map.Entry::getKey),
                                rows.texts(Map.Entry::getValue));
                ResultSet row = insert.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /** The act that ended a stay in quarantine. */
    Optional<AuditEntry> endOf(long quarantineId) throws SQLException {
        return entries(
                        """
                        WHERE tenant = ? AND namespace = ? AND quarantine_id = ? AND act IN ('retry', 'discard')
                        """,
                        quarantineId)
                .stream()
                .findFirst();
    }

    /**
     * The acts on one event of a subscription, in order.
     *
     * @param since none before it: acts are found by their time
     */
    List<AuditEntry> about(SubscriptionName subscription, MessageId messageId, Instant since)
            throws SQLException {
        return entries(
                """
                WHERE tenant = ? AND namespace = ? AND acted_at >= ?::timestamptz
                    AND stream = ? AND subscription = ? AND message_id = ?
                ORDER BY id
                """,
                Rows.text(since),
                subscription.stream().value(),
                subscription.subscription(),
                messageId.value());
    }

    /** Acts by their IDs. */
    List<AuditEntry> list(long after, int limit) throws SQLException {
        return entries(
                "WHERE tenant = ? AND namespace = ? AND id > ? ORDER BY id LIMIT " + limit, after);
    }

    /** Lets acts go. The table refuses it to any transaction that does not say so beforehand. */
    int purge(Instant actedBefore, int limit) throws SQLException {
        try (PreparedStatement allow = prepare(connection, "SET LOCAL millrace.purge = 'on'")) {
            allow.execute();
        }
        try (PreparedStatement delete =
                prepare(
                        connection,
                        """
                        DELETE FROM audit_log WHERE id = ANY (ARRAY(
                            SELECT id FROM audit_log
                            WHERE tenant = ? AND namespace = ? AND acted_at < ?::timestamptz
                            ORDER BY acted_at
                            LIMIT ?
                            FOR UPDATE SKIP LOCKED))
                        """,
                        tenant.value(),
                        namespace.value(),
                        Rows.text(actedBefore),
                        limit)) {
            return delete.executeUpdate();
        }
    }

    private List<AuditEntry> entries(String where, Object... more) throws SQLException {
        List<Object> parameters = new ArrayList<>(List.of(tenant.value(), namespace.value()));
        parameters.addAll(List.of(more));
        try (PreparedStatement query = prepare(connection, ENTRY + where, parameters.toArray());
                ResultSet row = query.executeQuery()) {
            List<AuditEntry> entries = new ArrayList<>();
            while (row.next()) {
                entries.add(
                        new AuditEntry(
                                row.getLong("id"),
                                row.getObject("acted_at", OffsetDateTime.class).toInstant(),
                                new Signature(row.getString("actor"), row.getString("why")),
                                row.getString("act"),
                                row.getString("stream"),
                                row.getString("subscription"),
                                row.getString("key"),
                                row.getString("message_id"),
                                Rows.map(row, "names", "values")));
            }
            return entries;
        }
    }
}
