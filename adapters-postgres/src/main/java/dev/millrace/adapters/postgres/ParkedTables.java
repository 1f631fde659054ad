package dev.millrace.adapters.postgres;

import static dev.millrace.adapters.postgres.Rows.prepare;

import dev.millrace.domain.Copy;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.Digest;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.ParkedEvent;
import dev.millrace.domain.ParkedLoad;
import dev.millrace.domain.Payload;
import dev.millrace.domain.QuarantineLoad;
import dev.millrace.domain.Reason;
import dev.millrace.domain.Setback;
import dev.millrace.ports.driven.ParkedEvents.Patience;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * The tables of what waits, as one subscription uses them: each method is one statement, however
 * many rows it is about. Whoever writes here holds the rows of the keys.
 */
final class ParkedTables {

    private static final HexFormat HEX = HexFormat.of();
    private static final long NEVER = -1;

    private static final String EVENT =
            """
            SELECT sequence, message_id, key, digest, position_ledger, position_entry, position_partition,
                position_index, published_at, payload, schema_version,
                ARRAY(SELECT p.key FROM jsonb_each_text(properties) AS p (key, value)) AS names,
                ARRAY(SELECT p.value FROM jsonb_each_text(properties) AS p (key, value)) AS values,
                attempts
            FROM parked_event
            """;

    private final Connection connection;
    private final int subscription;

    ParkedTables(Connection connection, int subscription) {
        this.connection = connection;
        this.subscription = subscription;
    }

    /**
     * An event that begins to wait.
     *
     * @param attempts how many tries have failed
     * @param dueInMillis when to try it, from now
     */
    record Parking(Delivery.Decoded<?> delivery, int attempts, long dueInMillis) {

        /** Waits behind another. */
        static Parking behind(Delivery.Decoded<?> delivery) {
            return new Parking(delivery, 0, NEVER);
        }

        /** Failed, and is to be tried again. */
        static Parking failed(Delivery.Decoded<?> delivery, int attempts, Duration delay) {
            return new Parking(delivery, attempts, delay.toMillis());
        }

        Copy copy() {
            return delivery.copy();
        }
    }

    /** A failed try of an event. */
    record Attempt(MessageId messageId, Setback setback, String traceId) {}

    /** A parked event's place and how often it was tried. */
    record Place(long sequence, int attempts) {}

    /** Parks events, in this order within each key. */
    void park(List<Parking> parking) throws SQLException {
        Rows<Parking> rows = Rows.of(parking);
        Rows<InboxTables.Property> properties =
                Rows.of(InboxTables.properties(parking.stream().map(Parking::copy).toList()));
        execute(
                """
                INSERT INTO parked_event (subscription_id, key, message_id, digest,
                    position_ledger, position_entry, position_partition, position_index,
                    schema_version, payload, published_at, attempts, due_at, properties)
                SELECT ?, e.key, e.message_id, e.digest, e.ledger, e.entry, e.partition, e.index,
                    e.schema_version, e.payload, e.published_at::timestamptz, e.attempts,
                    CASE WHEN e.due_in >= 0 THEN clock_timestamp() + e.due_in * interval '1 millisecond' END,
                    (SELECT coalesce(jsonb_object_agg(p.name, p.value), '{}')
                    FROM unnest(?::integer[], ?::text[], ?::text[]) AS p (owner, name, value) WHERE p.owner = e.number)
                FROM unnest(?::text[], ?::text[], ?::bytea[], ?::bigint[], ?::bigint[], ?::integer[], ?::integer[],
                    ?::text[], ?::bytea[], ?::text[], ?::integer[], ?::bigint[])
                    WITH ORDINALITY AS e (key, message_id, digest, ledger, entry, partition, index,
                        schema_version, payload, published_at, attempts, due_in, number)
                ORDER BY e.number
                """,
                subscription,
                properties.ints(InboxTables.Property::owner),
                properties.texts(InboxTables.Property::name),
                properties.texts(InboxTables.Property::value),
                rows.texts(event -> event.delivery().key().value()),
                rows.texts(event -> event.delivery().messageId().value()),
                rows.bytes(event -> HEX.parseHex(event.delivery().digest().hex())),
                rows.longs(event -> event.copy().position().ledger()),
                rows.longs(event -> event.copy().position().entry()),
                rows.ints(event -> event.copy().position().partition()),
                rows.ints(event -> event.copy().position().batchIndex()),
                rows.texts(event -> InboxTables.storable(event.copy().schemaVersion())),
                rows.bytes(event -> event.copy().payload().toByteArray()),
                rows.instants(event -> event.copy().publishedAt()),
                rows.ints(Parking::attempts),
                rows.longs(Parking::dueInMillis));
    }

    /** Blocks keys by so many events more. */
    void block(SortedMap<Key, Integer> events) throws SQLException {
        Rows<Map.Entry<Key, Integer>> rows = Rows.of(events.entrySet());
        execute(
                """
                UPDATE key_lock k SET parked = k.parked + n.events
                FROM unnest(?::text[], ?::integer[]) AS n (key, events)
                WHERE k.subscription_id = ? AND k.key = n.key
                """,
                rows.texts(entry -> entry.getKey().value()),
                rows.ints(Map.Entry::getValue),
                subscription);
    }

    /** Writes failed tries down, numbered on from those before a person's retry. */
    void note(List<Attempt> attempts) throws SQLException {
        Rows<Attempt> rows = Rows.of(attempts);
        execute(
                """
                INSERT INTO event_attempt (subscription_id, message_id, number, exception, message, frames, trace_id)
                SELECT ?, a.message_id,
                    (SELECT coalesce(max(b.number), 0) + 1 FROM event_attempt b
                    WHERE b.subscription_id = ? AND b.message_id = a.message_id),
                    a.exception, a.message, a.frames, a.trace_id
                FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::text[])
                    AS a (message_id, exception, message, frames, trace_id)
                """,
                subscription,
                subscription,
                rows.texts(attempt -> attempt.messageId().value()),
                rows.texts(attempt -> InboxTables.storable(attempt.setback().fault().type())),
                rows.texts(attempt -> InboxTables.storable(attempt.setback().fault().message())),
                rows.texts(attempt ->
                        InboxTables.storable(
                                String.join("\n", attempt.setback().fault().frames()))),
                rows.texts(attempt -> InboxTables.storable(attempt.traceId())));
    }

    /** The events whose time has come, the longest due first. */
    List<ParkedEvent> due(int limit) throws SQLException {
        try (PreparedStatement query =
                prepare(
                        connection,
                        EVENT
                                + """
                                WHERE subscription_id = ? AND due_at <= clock_timestamp()
                                ORDER BY due_at, sequence
                                LIMIT ?
                                """,
                        subscription,
                        limit)) {
            return events(query);
        }
    }

    /**
     * What waits for a key, in order. While the key awaits a person, what a person has put back is
     * tried by itself: nothing passes the event that still is to be dealt with.
     */
    List<ParkedEvent> queue(Key key, int limit) throws SQLException {
        try (PreparedStatement query =
                prepare(
                        connection,
                        EVENT
                                + """
                                WHERE subscription_id = ? AND key = ?
                                ORDER BY sequence
                                LIMIT CASE WHEN EXISTS (SELECT FROM key_lock
                                    WHERE subscription_id = ? AND key = ? AND awaits_person) THEN 1 ELSE ? END
                                """,
                        subscription,
                        key.value(),
                        subscription,
                        key.value(),
                        limit)) {
            return events(query);
        }
    }

    /** One event, if it is still there. */
    List<ParkedEvent> event(long sequence) throws SQLException {
        try (PreparedStatement query =
                prepare(
                        connection,
                        EVENT + "WHERE subscription_id = ? AND sequence = ?",
                        subscription,
                        sequence)) {
            return events(query);
        }
    }

    /** Locks a key's row. Whether it could be had. */
    boolean hold(Key key, Patience patience) throws SQLException {
        return any(
                "SELECT FROM key_lock WHERE subscription_id = ? AND key = ? FOR NO KEY UPDATE"
                        + skip(patience),
                subscription,
                key.value());
    }

    /** Locks an event's own row, where keys have none. Whether it could be had. */
    boolean hold(long sequence, Patience patience) throws SQLException {
        return any(
                "SELECT FROM parked_event WHERE subscription_id = ? AND sequence = ? FOR UPDATE"
                        + skip(patience),
                subscription,
                sequence);
    }

    private static String skip(Patience patience) {
        return switch (patience) {
            case SKIP -> " SKIP LOCKED";
            case WAIT -> "";
        };
    }

    /** The first places in a key's queue. */
    List<Place> places(Key key, int limit) throws SQLException {
        return places(
                "SELECT sequence, attempts FROM parked_event WHERE subscription_id = ? AND key = ?"
                        + " ORDER BY sequence LIMIT ?",
                subscription,
                key.value(),
                limit);
    }

    /** The place of one event; none when it is gone. */
    List<Place> place(long sequence) throws SQLException {
        return places(
                "SELECT sequence, attempts FROM parked_event WHERE subscription_id = ? AND"
                        + " sequence = ?",
                subscription,
                sequence);
    }

    private List<Place> places(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement query = prepare(connection, sql, parameters);
                ResultSet row = query.executeQuery()) {
            List<Place> places = new ArrayList<>();
            while (row.next()) {
                places.add(new Place(row.getLong(1), row.getInt(2)));
            }
            return places;
        }
    }

    /** Lets an event wait anew. */
    void setBack(long sequence, int attempts, Duration delay) throws SQLException {
        execute(
                """
                UPDATE parked_event SET attempts = ?, due_at = clock_timestamp() + ? * interval '1 millisecond'
                WHERE subscription_id = ? AND sequence = ?
                """,
                attempts,
                delay.toMillis(),
                subscription,
                sequence);
    }

    /**
     * Copies an event into quarantine, as it came.
     *
     * @param holdsKey whether its key waits until a person has dealt with it
     */
    void quarantine(long sequence, Reason reason, String detail, boolean holdsKey)
            throws SQLException {
        execute(
                """
                INSERT INTO quarantine (subscription_id, reason, detail, message_id, key, digest,
                    position_ledger, position_entry, position_partition, position_index,
                    schema_version, payload, published_at, properties, parked_sequence, holds_key)
                SELECT subscription_id, ?, ?, message_id, key, digest,
                    position_ledger, position_entry, position_partition, position_index,
                    schema_version, payload, published_at, properties, sequence, ?
                FROM parked_event WHERE subscription_id = ? AND sequence = ?
                """,
                reason.value(),
                InboxTables.storable(detail),
                holdsKey,
                subscription,
                sequence);
    }

    /** Lets events go that wait no more. */
    void remove(List<Long> sequences) throws SQLException {
        execute(
                "DELETE FROM parked_event WHERE subscription_id = ? AND sequence = ANY"
                        + " (?::bigint[])",
                subscription,
                Rows.of(sequences).longs(Long::longValue));
    }

    /**
     * Whoever is at the head of a key's queue by now is to be tried at once, if not later, unless
     * the key awaits a person.
     */
    void advance(String key) throws SQLException {
        execute(
                """
                UPDATE parked_event SET due_at = clock_timestamp()
                WHERE due_at IS NULL AND sequence = (
                    SELECT min(sequence) FROM parked_event WHERE subscription_id = ? AND key = ?)
                    AND NOT EXISTS (SELECT FROM key_lock WHERE subscription_id = ? AND key = ? AND awaits_person)
                """,
                subscription,
                key,
                subscription,
                key);
    }

    /** So many of a key's events wait no more; perhaps a person has to look at one. */
    void unblock(Key key, int events, boolean awaitsPerson) throws SQLException {
        execute(
                """
                UPDATE key_lock SET parked = parked - ?, awaits_person = awaits_person OR ?
                WHERE subscription_id = ? AND key = ?
                """,
                events,
                awaitsPerson,
                subscription,
                key.value());
    }

    /** How much waits. */
    ParkedLoad load() throws SQLException {
        try (PreparedStatement query =
                        prepare(
                                connection,
                                """
                                SELECT p.events, p.bytes, k.longest, k.blocked, k.waiting, p.oldest
                                FROM (SELECT count(*) AS events, coalesce(sum(octet_length(payload)), 0) AS bytes,
                                        coalesce(extract(epoch FROM greatest(clock_timestamp() - min(published_at), '0'))
                                            * 1000, 0)::bigint AS oldest
                                    FROM parked_event WHERE subscription_id = ?) AS p,
                                    (SELECT coalesce(max(parked), 0) AS longest, count(*) FILTER (WHERE parked > 0) AS blocked,
                                        count(*) FILTER (WHERE awaits_person) AS waiting
                                    FROM key_lock WHERE subscription_id = ? AND (parked > 0 OR awaits_person)) AS k
                                """,
                                subscription,
                                subscription);
                ResultSet row = query.executeQuery()) {
            row.next();
            return new ParkedLoad(
                    row.getLong(1),
                    row.getLong(2),
                    row.getLong(3),
                    row.getLong(4),
                    row.getLong(5),
                    Duration.ofMillis(row.getLong(6)));
        }
    }

    /** How much is in quarantine. */
    QuarantineLoad quarantined() throws SQLException {
        try (PreparedStatement query =
                        prepare(
                                connection,
                                """
                                SELECT count(*), coalesce(
                                    extract(epoch FROM greatest(clock_timestamp() - min(quarantined_at), '0'))
                                        * 1000, 0)::bigint
                                FROM quarantine WHERE subscription_id = ?
                                """,
                                subscription);
                ResultSet row = query.executeQuery()) {
            row.next();
            return new QuarantineLoad(row.getLong(1), Duration.ofMillis(row.getLong(2)));
        }
    }

    private static List<ParkedEvent> events(PreparedStatement query) throws SQLException {
        try (ResultSet row = query.executeQuery()) {
            List<ParkedEvent> events = new ArrayList<>();
            while (row.next()) {
                events.add(
                        new ParkedEvent(
                                row.getLong("sequence"),
                                new MessageId(row.getString("message_id")),
                                new Key(row.getString("key")),
                                new Digest(HEX.formatHex(row.getBytes("digest"))),
                                copy(row, 5),
                                row.getInt("attempts")));
            }
            return List.copyOf(events);
        }
    }

    /** Reads a copy, whose position begins in this column. */
    static Copy copy(ResultSet row, int position) throws SQLException {
        return new Copy(
                InboxTables.position(row, position),
                row.getObject("published_at", OffsetDateTime.class).toInstant(),
                Payload.copyOf(row.getBytes("payload")),
                row.getString("schema_version"),
                Rows.map(row, "names", "values"));
    }

    private boolean any(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement query = prepare(connection, sql, parameters);
                ResultSet row = query.executeQuery()) {
            return row.next();
        }
    }

    private void execute(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(connection, sql, parameters)) {
            statement.execute();
        }
    }
}
