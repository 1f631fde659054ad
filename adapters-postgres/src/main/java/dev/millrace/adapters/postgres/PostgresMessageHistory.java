package dev.millrace.adapters.postgres;

import static dev.millrace.adapters.postgres.Rows.prepare;

import dev.millrace.domain.MessageId;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.Tenant;
import dev.millrace.ports.MessageOutcome;
import dev.millrace.ports.driven.MessageHistory;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What became of the events of one tenant's namespace. Thread-safe. */
public final class PostgresMessageHistory implements MessageHistory {

    private static final String OUTCOMES =
            """
            WITH s AS (SELECT id, name FROM subscription WHERE tenant = ? AND namespace = ? AND stream = ?)
            SELECT s.name, r.state, r.reason, r.copies, 0 AS rank,
                r.position_ledger, r.position_entry, r.position_partition, r.position_index
            FROM s JOIN inbox_record r ON r.subscription_id = s.id AND r.message_id = ?
            UNION ALL
            SELECT s.name, 'quarantined', q.reason, 1, 1,
                q.position_ledger, q.position_entry, q.position_partition, q.position_index
            FROM s JOIN quarantine q ON q.subscription_id = s.id AND q.message_id = ?
            WHERE NOT EXISTS (
                SELECT FROM inbox_record r WHERE r.subscription_id = s.id AND r.message_id = q.message_id
                    AND r.position_ledger = q.position_ledger AND r.position_entry = q.position_entry
                    AND r.position_partition = q.position_partition AND r.position_index = q.position_index)
            UNION ALL
            SELECT s.name, 'discarded', d.reason, 1, 1,
                d.position_ledger, d.position_entry, d.position_partition, d.position_index
            FROM s JOIN discarded_copy d ON d.subscription_id = s.id AND d.message_id = ?
            ORDER BY name, rank, position_ledger, position_entry, position_partition, position_index
            """;

    private final PostgresDatabase database;
    private final Tenant tenant;
    private final Namespace namespace;

    /** The history of this tenant's streams in this namespace, and of no other. */
    public PostgresMessageHistory(PostgresDatabase database, Tenant tenant, Namespace namespace) {
        this.database = Objects.requireNonNull(database);
        this.tenant = Objects.requireNonNull(tenant);
        this.namespace = Objects.requireNonNull(namespace);
    }

    @Override
    public List<MessageOutcome> outcomes(StreamName stream, MessageId messageId) {
        return database.read(
                "the history of a message", connection -> query(connection, stream, messageId));
    }

    private List<MessageOutcome> query(
            Connection connection, StreamName stream, MessageId messageId) throws SQLException {
        try (PreparedStatement query =
                        prepare(
                                connection,
                                OUTCOMES,
                                tenant.value(),
                                namespace.value(),
                                stream.value(),
                                messageId.value(),
                                messageId.value(),
                                messageId.value());
                ResultSet row = query.executeQuery()) {
            List<MessageOutcome> outcomes = new ArrayList<>();
            while (row.next()) {
                outcomes.add(
                        new MessageOutcome(
                                row.getString("name"),
                                row.getString("state"),
                                InboxTables.position(row, 6),
                                row.getString("reason"),
                                row.getInt("copies")));
            }
            return List.copyOf(outcomes);
        }
    }
}
