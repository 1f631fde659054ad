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

    /** As {@link QuarantinedEvent#isRetriable} has it: what was parked before can be again. */
    private static final String RETRIABLE = " AND q.parked_sequence IS NOT NULL";

    private static final String OURS =
            " FROM quarantine q JOIN subscription s ON s.id = q.subscription_id"
                    + " WHERE s.tenant = ? AND s.namespace = ?";

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
        Conditions wanted = all(filter).and("q.id > ?", after);
        return events(EVENT + wanted.sql() + " ORDER BY q.id LIMIT ?", parameters(wanted, limit));
    }

    /** The same in groups. */
    List<QuarantineCause> causes(QuarantineFilter filter) throws SQLException {
        Conditions subscriptions = ofSubscription(filter);
        Conditions groups = ofGroup(filter);
        Conditions events = ofEvent(filter, "e");
        List<Object> parameters = new ArrayList<>(List.of(tenant.value(), namespace.value()));
        parameters.addAll(subscriptions.parameters());
        parameters.addAll(events.parameters());
        parameters.add(QuarantineCause.MAX_COUNTED + 1);
        parameters.addAll(events.parameters());
        parameters.addAll(groups.parameters());
        parameters.add(MAX_CAUSES);
        try (PreparedStatement query =
                        prepare(
                                connection,
                                causes(subscriptions, groups, events),
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
                                Math.min(row.getLong("events"), QuarantineCause.MAX_COUNTED),
                                Math.min(row.getLong("keys"), QuarantineCause.MAX_COUNTED),
                                row.getLong("events") > QuarantineCause.MAX_COUNTED,
                                row.getObject("oldest", OffsetDateTime.class).toInstant(),
                                row.getObject("newest", OffsetDateTime.class).toInstant()));
            }
            return causes;
        }
    }

    /**
     * Each cause is found by one look into an index, so that it does not matter how many events it
     * has; they are counted up to a bound.
     */
    private static String causes(Conditions subscriptions, Conditions groups, Conditions events) {
        String alike =
                "SELECT e.key, e.quarantined_at FROM quarantine e WHERE e.subscription_id ="
                        + " q.subscription_id AND e.reason = q.reason AND e.cause = q.cause"
                        + events.sql();
        return """
        WITH RECURSIVE meant AS (
            SELECT s.id, s.stream, s.name FROM subscription s WHERE s.tenant = ? AND s.namespace = ? %s),
        groups AS (
            SELECT first.* FROM meant s CROSS JOIN LATERAL (
                SELECT q.subscription_id, q.reason, q.cause FROM quarantine q
                WHERE q.subscription_id = s.id
                ORDER BY q.reason, q.cause LIMIT 1) AS first
            UNION ALL
            SELECT next.* FROM groups g CROSS JOIN LATERAL (
                SELECT q.subscription_id, q.reason, q.cause FROM quarantine q
                WHERE q.subscription_id = g.subscription_id AND (q.reason, q.cause) > (g.reason, g.cause)
                ORDER BY q.reason, q.cause LIMIT 1) AS next)
        SELECT s.stream, s.name, q.reason, q.cause, counted.events, counted.keys, counted.oldest, last.newest
        FROM groups q JOIN meant s ON s.id = q.subscription_id
        CROSS JOIN LATERAL (
            SELECT count(*) AS events, count(DISTINCT c.key) AS keys, min(c.quarantined_at) AS oldest
            FROM (%s ORDER BY e.quarantined_at LIMIT ?) AS c (key, quarantined_at)) AS counted
        CROSS JOIN LATERAL (%s ORDER BY e.quarantined_at DESC LIMIT 1) AS last (key, newest)
        WHERE true %s
        ORDER BY counted.events DESC, 1, 2, 3, 4
        LIMIT ?
        """
                .formatted(subscriptions.sql(), alike, alike, groups.sql());
    }

    /** The last stay in quarantine so far. */
    long last() throws SQLException {
        return number("SELECT coalesce(max(id), 0) FROM quarantine");
    }

    /** How many of those that a filter means can be retried, up to some ID. */
    long retriable(QuarantineFilter filter, long upTo) throws SQLException {
        Conditions wanted = all(filter).and("q.id <= ?", upTo);
        return number("SELECT count(*)" + OURS + wanted.sql() + RETRIABLE, parameters(wanted));
    }

    /** The first of them in the order of their places. */
    List<Long> nextRetriable(QuarantineFilter filter, long upTo, int limit) throws SQLException {
        Conditions wanted = all(filter).and("q.id <= ?", upTo);
        try (PreparedStatement query =
                        prepare(
                                connection,
                                "SELECT q.id"
                                        + OURS
                                        + wanted.sql()
                                        + RETRIABLE
                                        + " ORDER BY q.parked_sequence, q.id LIMIT ?",
                                parameters(wanted, limit));
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

    private static Conditions all(QuarantineFilter filter) {
        return ofSubscription(filter).and(ofGroup(filter)).and(ofEvent(filter, "q"));
    }

    private static Conditions ofSubscription(QuarantineFilter filter) {
        return Conditions.NONE
                .andIfGiven("s.stream = ?", filter.stream())
                .andIfGiven("s.name = ?", filter.subscription());
    }

    private static Conditions ofGroup(QuarantineFilter filter) {
        return Conditions.NONE
                .andIfGiven("q.reason = ?", filter.reason())
                .andIfGiven("q.cause = ?", filter.cause());
    }

    private static Conditions ofEvent(QuarantineFilter filter, String row) {
        Conditions wanted =
                Conditions.NONE
                        .andIfGiven(row + ".key = ?", filter.key())
                        .andIfGiven(row + ".message_id = ?", filter.messageId());
        if (filter.since().isAfter(QuarantineFilter.FIRST)) {
            wanted =
                    wanted.and(
                            row + ".quarantined_at >= ?::timestamptz", Rows.text(filter.since()));
        }
        if (filter.until().isBefore(QuarantineFilter.LAST)) {
            wanted =
                    wanted.and(row + ".quarantined_at < ?::timestamptz", Rows.text(filter.until()));
        }
        return wanted;
    }

    /** Of a statement about our own events alone. */
    private Object[] parameters(Conditions wanted, Object... more) {
        List<Object> parameters = new ArrayList<>(List.of(tenant.value(), namespace.value()));
        parameters.addAll(wanted.parameters());
        parameters.addAll(List.of(more));
        return parameters.toArray();
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
