package dev.millrace.adapters.postgres;

import static dev.millrace.adapters.postgres.Rows.prepare;

import dev.millrace.domain.Content;
import dev.millrace.domain.FailedAttempt;
import dev.millrace.domain.Failure;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.Payload;
import dev.millrace.domain.Reason;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.operations.Dossier;
import dev.millrace.domain.operations.Edit;
import dev.millrace.domain.operations.QuarantineCause;
import dev.millrace.domain.operations.QuarantineFilter;
import dev.millrace.domain.operations.QuarantinedEvent;
import dev.millrace.domain.operations.Signature;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * The tables of quarantine, as one transaction of an operator uses them: each method is one
 * statement. It sees one tenant's namespace only.
 */
final class QuarantineTables {

    private static final int MAX_CAUSES = 1_000;

    /** The tries are the event's own only if the copy is: a conflicting copy was never tried. */
    private static final String EVENT =
            """
            SELECT q.id, s.stream, s.name, q.message_id, q.key, q.reason, q.detail, q.published_at, q.quarantined_at,
                q.position_ledger, q.position_entry, q.position_partition, q.position_index,
                (SELECT count(*) FROM event_attempt a WHERE q.parked_sequence IS NOT NULL
                    AND a.subscription_id = q.subscription_id AND a.message_id = q.message_id) AS attempts,
                (SELECT coalesce(max(e.edition), 0) FROM event_edit e WHERE q.parked_sequence IS NOT NULL
                    AND e.subscription_id = q.subscription_id AND e.message_id = q.message_id) AS edition
            FROM quarantine q JOIN subscription s ON s.id = q.subscription_id
            WHERE s.tenant = ? AND s.namespace = ?
            """;

    private static final String FILTER =
            """
             AND (?::text = '' OR s.stream = ?) AND (?::text = '' OR s.name = ?) AND (?::text = '' OR q.key = ?)
             AND (?::text = '' OR q.reason = ?) AND (?::text = '' OR q.message_id = ?)
             AND q.quarantined_at >= ?::timestamptz AND q.quarantined_at < ?::timestamptz
            """;

    /** As {@link QuarantinedEvent#isRetriable} has it: what was parked before can be again. */
    private static final String RETRIABLE = " AND q.parked_sequence IS NOT NULL AND q.id <= ?";

    private final Connection connection;
    private final Tenant tenant;
    private final Namespace namespace;

    QuarantineTables(Connection connection, Tenant tenant, Namespace namespace) {
        this.connection = connection;
        this.tenant = tenant;
        this.namespace = namespace;
    }

    /**
     * Where a quarantined event belongs.
     *
     * @param subscription its number
     * @param key empty when the copy has none
     */
    record Place(int subscription, String key) {}

    /** Those that a filter means, by ID. */
    List<QuarantinedEvent> list(QuarantineFilter filter, long after, int limit)
            throws SQLException {
        List<Object> parameters = parameters(filter);
        parameters.add(after);
        parameters.add(limit);
        return events(EVENT + FILTER + " AND q.id > ? ORDER BY q.id LIMIT ?", parameters.toArray());
    }

    /**
     * The same in groups. Numbers in what is said of a copy tell one from another, so they are left
     * out.
     */
    List<QuarantineCause> causes(QuarantineFilter filter) throws SQLException {
        List<Object> parameters = new ArrayList<>();
        parameters.add(QuarantineCause.MAX_LENGTH);
        parameters.addAll(parameters(filter));
        try (PreparedStatement query =
                        prepare(
                                connection,
                                """
                                SELECT s.stream, s.name, q.reason, left(coalesce(
                                        a.exception || coalesce(' at ' || nullif(split_part(a.frames, E'\\n', 1), ''), ''),
                                        regexp_replace(q.detail, '[0-9]+', 'N', 'g')), ?) AS cause,
                                    count(*) AS events, count(DISTINCT q.key) AS keys,
                                    min(q.quarantined_at) AS oldest, max(q.quarantined_at) AS newest
                                FROM quarantine q JOIN subscription s ON s.id = q.subscription_id
                                LEFT JOIN LATERAL (
                                    SELECT exception, frames FROM event_attempt a
                                    WHERE q.parked_sequence IS NOT NULL
                                        AND a.subscription_id = q.subscription_id AND a.message_id = q.message_id
                                    ORDER BY number DESC LIMIT 1) AS a ON true
                                WHERE s.tenant = ? AND s.namespace = ?
                                """
                                        + FILTER
                                        + " GROUP BY 1, 2, 3, 4 ORDER BY events DESC, 1, 2, 3, 4"
                                        + " LIMIT "
                                        + MAX_CAUSES,
                                parameters.toArray());
                ResultSet row = query.executeQuery()) {
            List<QuarantineCause> causes = new ArrayList<>();
            while (row.next()) {
                causes.add(
                        new QuarantineCause(
                                new StreamName(row.getString("stream")),
                                row.getString("name"),
                                new Reason(row.getString("reason")),
                                row.getString("cause"),
                                row.getLong("events"),
                                row.getLong("keys"),
                                row.getObject("oldest", OffsetDateTime.class).toInstant(),
                                row.getObject("newest", OffsetDateTime.class).toInstant()));
            }
            return causes;
        }
    }

    /** The last stay in quarantine so far. */
    long last() throws SQLException {
        return number("SELECT coalesce(max(id), 0) FROM quarantine");
    }

    /** How many of those that a filter means can be retried, up to some ID. */
    long retriable(QuarantineFilter filter, long upTo) throws SQLException {
        List<Object> parameters = parameters(filter);
        parameters.add(upTo);
        return number(
                "SELECT count(*) FROM quarantine q JOIN subscription s ON s.id = q.subscription_id"
                        + " WHERE s.tenant = ? AND s.namespace = ?"
                        + FILTER
                        + RETRIABLE,
                parameters.toArray());
    }

    /** The first of them in the order of their places. */
    List<Long> nextRetriable(QuarantineFilter filter, long upTo, int limit) throws SQLException {
        List<Object> parameters = parameters(filter);
        parameters.add(upTo);
        parameters.add(limit);
        try (PreparedStatement query =
                        prepare(
                                connection,
                                "SELECT q.id FROM quarantine q JOIN subscription s ON s.id ="
                                        + " q.subscription_id WHERE s.tenant = ? AND s.namespace ="
                                        + " ?"
                                        + FILTER
                                        + RETRIABLE
                                        + " ORDER BY q.parked_sequence, q.id LIMIT ?",
                                parameters.toArray());
                ResultSet row = query.executeQuery()) {
            List<Long> ids = new ArrayList<>();
            while (row.next()) {
                ids.add(row.getLong(1));
            }
            return ids;
        }
    }

    /** Where an event belongs, if it is there; that never changes, so it needs no lock. */
    Optional<Place> place(long id) throws SQLException {
        try (PreparedStatement query =
                        prepare(
                                connection,
                                "SELECT q.subscription_id, q.key FROM quarantine q JOIN"
                                        + " subscription s ON s.id = q.subscription_id WHERE"
                                        + " s.tenant = ? AND s.namespace = ? AND q.id = ?",
                                tenant.value(),
                                namespace.value(),
                                id);
                ResultSet row = query.executeQuery()) {
            return row.next()
                    ? Optional.of(new Place(row.getInt(1), row.getString(2)))
                    : Optional.empty();
        }
    }

    /** Locks an event, if it is still there. Only with its key held. */
    Optional<QuarantinedEvent> hold(long id) throws SQLException {
        return events(
                        EVENT + " AND q.id = ? FOR NO KEY UPDATE OF q",
                        tenant.value(),
                        namespace.value(),
                        id)
                .stream()
                .findFirst();
    }

    /** An event whole, if it is there. */
    Optional<Dossier> find(long id) throws SQLException {
        Optional<QuarantinedEvent> event =
                events(EVENT + " AND q.id = ?", tenant.value(), namespace.value(), id).stream()
                        .findFirst();
        return event.isEmpty() ? Optional.empty() : dossier(event.get());
    }

    private Optional<Dossier> dossier(QuarantinedEvent event) throws SQLException {
        try (PreparedStatement query =
                        prepare(
                                connection,
                                """
                                SELECT q.subscription_id, q.parked_sequence, q.digest, q.message_id, q.position_ledger,
                                    q.position_entry, q.position_partition, q.position_index, q.published_at,
                                    coalesce(e.payload, q.payload) AS payload,
                                    coalesce(e.schema_version, q.schema_version) AS schema_version,
                                    ARRAY(SELECT p.key FROM jsonb_each_text(q.properties) AS p ORDER BY p.key) AS names,
                                    ARRAY(SELECT p.value FROM jsonb_each_text(q.properties) AS p ORDER BY p.key) AS values
                                FROM quarantine q LEFT JOIN event_edit e ON q.parked_sequence IS NOT NULL AND e.edition = 0
                                    AND e.subscription_id = q.subscription_id AND e.message_id = q.message_id
                                WHERE q.id = ?
                                """,
                                event.id());
                ResultSet row = query.executeQuery()) {
            if (!row.next()) {
                return Optional.empty();
            }
            byte[] digest = row.getBytes("digest");
            return Optional.of(
                    new Dossier(
                            event,
                            digest == null ? "" : HexFormat.of().formatHex(digest),
                            ParkedTables.copy(row, 5),
                            row.getObject("parked_sequence") == null
                                    ? List.of()
                                    : tries(
                                            row.getInt("subscription_id"),
                                            row.getString("message_id")),
                            event.edition() == 0
                                    ? List.of()
                                    : edits(
                                            row.getInt("subscription_id"),
                                            row.getString("message_id"))));
        }
    }

    private List<FailedAttempt> tries(int subscription, String messageId) throws SQLException {
        try (PreparedStatement query =
                        prepare(
                                connection,
                                "SELECT number, attempted_at, exception, message, frames, trace_id"
                                        + " FROM event_attempt WHERE subscription_id = ? AND"
                                        + " message_id = ? ORDER BY number",
                                subscription,
                                messageId);
                ResultSet row = query.executeQuery()) {
            List<FailedAttempt> tries = new ArrayList<>();
            while (row.next()) {
                tries.add(
                        new FailedAttempt(
                                row.getInt("number"),
                                row.getObject("attempted_at", OffsetDateTime.class).toInstant(),
                                new Failure.Fault(
                                        row.getString("exception"),
                                        row.getString("message"),
                                        row.getString("frames").lines().toList()),
                                row.getString("trace_id")));
            }
            return tries;
        }
    }

    private List<Edit> edits(int subscription, String messageId) throws SQLException {
        try (PreparedStatement query =
                        prepare(
                                connection,
                                "SELECT edition, edited_at, actor, why, schema_version, payload"
                                    + " FROM event_edit WHERE subscription_id = ? AND message_id ="
                                    + " ? AND edition > 0 ORDER BY edition",
                                subscription,
                                messageId);
                ResultSet row = query.executeQuery()) {
            List<Edit> edits = new ArrayList<>();
            while (row.next()) {
                edits.add(
                        new Edit(
                                row.getInt("edition"),
                                row.getObject("edited_at", OffsetDateTime.class).toInstant(),
                                new Signature(row.getString("actor"), row.getString("why")),
                                new Content(
                                        row.getString("schema_version"),
                                        Payload.copyOf(row.getBytes("payload")))));
            }
            return edits;
        }
    }

    /** Gives an event its next edition; before the first one, what came is kept as edition 0. */
    void edit(QuarantinedEvent event, Content content, Signature signature) throws SQLException {
        execute(
                """
                INSERT INTO event_edit (subscription_id, message_id, edition, edited_at, actor, why, schema_version, payload)
                SELECT subscription_id, message_id, 0, quarantined_at, '', '', schema_version, payload
                FROM quarantine WHERE id = ?
                ON CONFLICT DO NOTHING
                """,
                event.id());
        execute(
                """
                INSERT INTO event_edit (subscription_id, message_id, edition, actor, why, schema_version, payload)
                SELECT subscription_id, message_id, ?, ?, ?, ?, ?
                FROM quarantine WHERE id = ?
                """,
                event.edition() + 1,
                InboxTables.storable(signature.by()),
                InboxTables.storable(signature.why()),
                content.schemaVersion(),
                content.payload().toByteArray(),
                event.id());
        execute(
                "UPDATE quarantine SET schema_version = ?, payload = ? WHERE id = ?",
                content.schemaVersion(),
                content.payload().toByteArray(),
                event.id());
    }

    /**
     * Puts an event back among the parked ones: where it was, or behind all others when it was
     * never there.
     *
     * @return its place
     */
    long park(long id) throws SQLException {
        try (PreparedStatement insert =
                        prepare(
                                connection,
                                """
                                INSERT INTO parked_event (sequence, subscription_id, key, message_id, digest,
                                    position_ledger, position_entry, position_partition, position_index,
                                    schema_version, payload, properties, published_at, attempts)
                                SELECT coalesce(parked_sequence, nextval(pg_get_serial_sequence('parked_event', 'sequence'))),
                                    subscription_id, key, message_id, digest,
                                    position_ledger, position_entry, position_partition, position_index,
                                    schema_version, payload, properties, published_at, 0
                                FROM quarantine WHERE id = ?
                                RETURNING sequence
                                """,
                                id);
                ResultSet row = insert.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    /**
     * Lets the record of an event say something else, if the copy is the one that it is about.
     *
     * @return whether it is
     */
    boolean restate(long id, String state, boolean withReason) throws SQLException {
        try (PreparedStatement update =
                prepare(
                        connection,
                        """
                        UPDATE inbox_record r SET state = ?, reason = CASE WHEN ? THEN q.reason ELSE '' END
                        FROM quarantine q
                        WHERE q.id = ? AND r.subscription_id = q.subscription_id AND r.message_id = q.message_id
                            AND r.position_ledger = q.position_ledger AND r.position_entry = q.position_entry
                            AND r.position_partition = q.position_partition AND r.position_index = q.position_index
                        """,
                        state,
                        withReason,
                        id)) {
            return update.executeUpdate() == 1;
        }
    }

    /** Keeps account of the position of a copy that has no record of its own. */
    void account(long id, long auditId) throws SQLException {
        execute(
                """
                INSERT INTO discarded_copy (subscription_id, position_ledger, position_entry, position_partition,
                    position_index, message_id, reason, published_at, audit_id)
                SELECT subscription_id, position_ledger, position_entry, position_partition,
                    position_index, message_id, reason, published_at, ?
                FROM quarantine WHERE id = ?
                """,
                auditId,
                id);
    }

    /** Ends an event's stay. */
    void remove(long id) throws SQLException {
        execute("DELETE FROM quarantine WHERE id = ?", id);
    }

    private long number(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement query = prepare(connection, sql, parameters);
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private List<Object> parameters(QuarantineFilter filter) {
        List<Object> parameters = new ArrayList<>();
        parameters.add(tenant.value());
        parameters.add(namespace.value());
        for (String text :
                List.of(
                        filter.stream(),
                        filter.subscription(),
                        filter.key(),
                        filter.reason(),
                        filter.messageId())) {
            parameters.add(text);
            parameters.add(text);
        }
        parameters.add(Rows.text(filter.since()));
        parameters.add(Rows.text(filter.until()));
        return parameters;
    }

    private List<QuarantinedEvent> events(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement query = prepare(connection, sql, parameters);
                ResultSet row = query.executeQuery()) {
            List<QuarantinedEvent> events = new ArrayList<>();
            while (row.next()) {
                events.add(
                        new QuarantinedEvent(
                                row.getLong("id"),
                                new StreamName(row.getString("stream")),
                                row.getString("name"),
                                row.getString("message_id"),
                                row.getString("key"),
                                new Reason(row.getString("reason")),
                                row.getString("detail"),
                                InboxTables.position(row, 10),
                                row.getObject("published_at", OffsetDateTime.class).toInstant(),
                                row.getObject("quarantined_at", OffsetDateTime.class).toInstant(),
                                row.getInt("attempts"),
                                row.getInt("edition")));
            }
            return events;
        }
    }

    private void execute(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(connection, sql, parameters)) {
            statement.execute();
        }
    }
}
