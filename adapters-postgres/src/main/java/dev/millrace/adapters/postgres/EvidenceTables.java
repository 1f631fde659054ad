package dev.millrace.adapters.postgres;

import static dev.millrace.adapters.postgres.Rows.prepare;

import dev.millrace.domain.Copy;
import dev.millrace.domain.FailedAttempt;
import dev.millrace.domain.Failure;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Payload;
import dev.millrace.domain.Position;
import dev.millrace.domain.Reason;
import dev.millrace.domain.operations.MessageEvidence.GivenUp;
import dev.millrace.domain.operations.MessageEvidence.Recorded;
import dev.millrace.domain.operations.MessageEvidence.Repeat;
import dev.millrace.domain.operations.MessageEvidence.Stay;
import dev.millrace.domain.operations.MessageEvidence.Waiting;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The tables of one subscription as somebody who asks for one message ID reads them: each method is
 * one statement, which an index of its table answers.
 */
final class EvidenceTables {

    private static final String TRACE_PARENT = "traceparent";

    private final Connection connection;
    private final int subscription;
    private final MessageId messageId;

    EvidenceTables(Connection connection, int subscription, MessageId messageId) {
        this.connection = connection;
        this.subscription = subscription;
        this.messageId = messageId;
    }

    /** What is read from a row. */
    @FunctionalInterface
    private interface Reading<T> {
        T from(ResultSet row) throws SQLException;
    }

    private <T> List<T> list(String sql, Reading<T> reading) throws SQLException {
        try (PreparedStatement query = prepare(connection, sql, subscription, messageId.value());
                ResultSet row = query.executeQuery()) {
            List<T> rows = new ArrayList<>();
            while (row.next()) {
                rows.add(reading.from(row));
            }
            return rows;
        }
    }

    List<Recorded> records() throws SQLException {
        return list(
                """
                SELECT position_ledger, position_entry, position_partition, position_index,
                    state, reason, key, digest, copies, published_at, recorded_at
                FROM inbox_record WHERE subscription_id = ? AND message_id = ?
                """,
                row ->
                        new Recorded(
                                row.getString("state"),
                                row.getString("reason"),
                                row.getString("key"),
                                HexFormat.of().formatHex(row.getBytes("digest")),
                                InboxTables.position(row, 1),
                                row.getInt("copies"),
                                instant(row, "published_at"),
                                instant(row, "recorded_at")));
    }

    List<Repeat> repeats() throws SQLException {
        return list(
                """
                SELECT position_ledger, position_entry, position_partition, position_index, recorded_at
                FROM inbox_duplicate WHERE subscription_id = ? AND message_id = ?
                ORDER BY recorded_at
                """,
                row -> new Repeat(InboxTables.position(row, 1), instant(row, "recorded_at")));
    }

    List<FailedAttempt> attempts() throws SQLException {
        return list(
                """
                SELECT number, attempted_at, exception, message, frames, trace_id
                FROM event_attempt WHERE subscription_id = ? AND message_id = ?
                ORDER BY number
                """,
                row ->
                        new FailedAttempt(
                                row.getInt("number"),
                                instant(row, "attempted_at"),
                                new Failure.Fault(
                                        row.getString("exception"),
                                        row.getString("message"),
                                        row.getString("frames").lines().toList()),
                                row.getString("trace_id")));
    }

    List<Waiting> waiting() throws SQLException {
        return list(
                """
                SELECT position_ledger, position_entry, position_partition, position_index,
                    published_at, parked_at, attempts, due_at, coalesce(properties->>'traceparent', '') AS traceparent
                FROM parked_event WHERE subscription_id = ? AND message_id = ?
                """,
                row ->
                        new Waiting(
                                InboxTables.position(row, 1),
                                instant(row, "published_at"),
                                instant(row, "parked_at"),
                                row.getInt("attempts"),
                                row.getObject("due_at") == null
                                        ? Instant.MAX
                                        : instant(row, "due_at"),
                                traceId(row)));
    }

    List<Stay> stays() throws SQLException {
        return list(
                """
                SELECT q.position_ledger, q.position_entry, q.position_partition, q.position_index,
                    q.id, q.reason, q.detail, q.key, q.published_at, q.quarantined_at,
                    o.quarantine_id IS NOT NULL AS unpublished,
                    coalesce(q.properties->>'traceparent', '') AS traceparent
                FROM quarantine q LEFT JOIN outbox o ON o.quarantine_id = q.id
                WHERE q.subscription_id = ? AND q.message_id = ?
                ORDER BY q.id
                """,
                row ->
                        new Stay(
                                row.getLong("id"),
                                InboxTables.position(row, 1),
                                new Reason(row.getString("reason")),
                                row.getString("detail"),
                                row.getString("key"),
                                instant(row, "published_at"),
                                instant(row, "quarantined_at"),
                                row.getBoolean("unpublished"),
                                traceId(row)));
    }

    List<GivenUp> givenUp() throws SQLException {
        return list(
                """
                SELECT position_ledger, position_entry, position_partition, position_index, reason, published_at
                FROM discarded_copy WHERE subscription_id = ? AND message_id = ?
                ORDER BY published_at
                """,
                row ->
                        new GivenUp(
                                InboxTables.position(row, 1),
                                new Reason(row.getString("reason")),
                                instant(row, "published_at")));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    /** As any copy tells it. */
    private static String traceId(ResultSet row) throws SQLException {
        Position position = InboxTables.position(row, 1);
        Map<String, String> properties = Map.of(TRACE_PARENT, row.getString(TRACE_PARENT));
        return new Copy(position, Instant.EPOCH, Payload.EMPTY, "", properties).traceId();
    }
}
