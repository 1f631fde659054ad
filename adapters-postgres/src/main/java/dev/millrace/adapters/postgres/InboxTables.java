package dev.millrace.adapters.postgres;

import static dev.millrace.adapters.postgres.Rows.prepare;

import dev.millrace.domain.Copy;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.Digest;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Position;
import dev.millrace.domain.Reason;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The engine's tables as one subscription's transaction uses them: each method is one statement,
 * however many rows it is about.
 */
final class InboxTables {

    private static final HexFormat HEX = HexFormat.of();
    private static final byte[] ABSENT = {};

    private final Connection connection;
    private final int subscription;

    InboxTables(Connection connection, int subscription) {
        this.connection = connection;
        this.subscription = subscription;
    }

    /** What the record of a message ID says about its event. */
    record Standing(Position position, Digest digest) {}

    /** The purge's watermark, if there is one, and the time, both as of now. */
    record Horizon(Optional<Instant> publishedBefore, Instant now) {
        boolean isBehind(Delivery<?> delivery) {
            return publishedBefore
                    .map(watermark -> delivery.copy().publishedAt().isBefore(watermark))
                    .orElse(false);
        }
    }

    /** What a record is to say instead of what it says. */
    record Restatement(MessageId messageId, String state, String reason) {}

    /** A copy that needs a person; texts as found. */
    record Evidence(
            Reason reason,
            String detail,
            String messageId,
            String key,
            Optional<Digest> digest,
            Copy copy) {}

    /** Which of these positions are in quarantine already, or were given up there. */
    Set<Position> quarantined(Collection<Position> positions) throws SQLException {
        Rows<Position> rows = Rows.of(positions);
        try (PreparedStatement query =
                prepare(
                        connection,
                        """
                        WITH c AS (
                            SELECT * FROM unnest(?::bigint[], ?::bigint[], ?::integer[], ?::integer[])
                                AS c (ledger, entry, partition, index))
                        SELECT c.ledger, c.entry, c.partition, c.index FROM c JOIN quarantine q ON q.subscription_id = ?
                            AND q.position_ledger = c.ledger AND q.position_entry = c.entry
                            AND q.position_partition = c.partition AND q.position_index = c.index
                        UNION ALL
                        SELECT c.ledger, c.entry, c.partition, c.index FROM c JOIN discarded_copy d ON d.subscription_id = ?
                            AND d.position_ledger = c.ledger AND d.position_entry = c.entry
                            AND d.position_partition = c.partition AND d.position_index = c.index
                        """,
                        rows.longs(Position::ledger),
                        rows.longs(Position::entry),
                        rows.ints(Position::partition),
                        rows.ints(Position::batchIndex),
                        subscription,
                        subscription)) {
            return positions(query);
        }
    }

    /**
     * Writes the records of events that have none, as applied until {@link #restate} says
     * otherwise. Waits for another transaction that writes one of them.
     *
     * @param events sorted by message ID, each ID once
     * @return whose record was written
     */
    <E> Set<MessageId> record(Collection<Delivery.Decoded<E>> events) throws SQLException {
        Rows<Delivery.Decoded<E>> rows = Rows.of(events);
        try (PreparedStatement insert =
                        prepare(
                                connection,
                                """
                                INSERT INTO inbox_record (subscription_id, message_id, key, state, digest,
                                    position_ledger, position_entry, position_partition, position_index, published_at)
                                SELECT ?, e.message_id, e.key, 'applied', e.digest,
                                    e.ledger, e.entry, e.partition, e.index, e.published_at::timestamptz
                                FROM unnest(?::text[], ?::text[], ?::bytea[], ?::bigint[], ?::bigint[], ?::integer[],
                                    ?::integer[], ?::text[])
                                    AS e (message_id, key, digest, ledger, entry, partition, index, published_at)
                                ON CONFLICT DO NOTHING
                                RETURNING message_id
                                """,
                                subscription,
                                rows.texts(event -> event.messageId().value()),
                                rows.texts(event -> event.key().value()),
                                rows.bytes(event -> bytes(event.digest())),
                                rows.longs(event -> event.position().ledger()),
                                rows.longs(event -> event.position().entry()),
                                rows.ints(event -> event.position().partition()),
                                rows.ints(event -> event.position().batchIndex()),
                                rows.instants(event -> event.copy().publishedAt()));
                ResultSet written = insert.executeQuery()) {
            Set<MessageId> fresh = HashSet.newHashSet(rows.rows().size());
            while (written.next()) {
                fresh.add(new MessageId(written.getString(1)));
            }
            return fresh;
        }
    }

    /** Reads the records that stand, and locks them: their copies may be counted later on. */
    Map<MessageId, Standing> standing(Collection<MessageId> messageIds) throws SQLException {
        try (PreparedStatement query =
                        prepare(
                                connection,
                                """
                                SELECT message_id, position_ledger, position_entry, position_partition, position_index, digest
                                FROM inbox_record
                                WHERE subscription_id = ? AND message_id = ANY (?::text[])
                                ORDER BY message_id
                                FOR NO KEY UPDATE
                                """,
                                subscription,
                                Rows.of(messageIds).texts(MessageId::value));
                ResultSet records = query.executeQuery()) {
            Map<MessageId, Standing> standing = new HashMap<>();
            while (records.next()) {
                standing.put(
                        new MessageId(records.getString(1)),
                        new Standing(
                                position(records, 2),
                                new Digest(HEX.formatHex(records.getBytes(6)))));
            }
            return standing;
        }
    }

    /**
     * What a key's row says.
     *
     * @param isWatched whether a replay wants to know of fresh events of the key
     */
    record KeyRow(boolean isBlocked, boolean isWatched) {}

    /** Locks the rows of these keys, and answers what those say that there are. */
    Map<Key, KeyRow> lock(Collection<Key> keys) throws SQLException {
        try (PreparedStatement query =
                        prepare(
                                connection,
                                """
                                SELECT key, parked > 0 OR awaits_person, watched FROM key_lock
                                WHERE subscription_id = ? AND key = ANY (?::text[])
                                ORDER BY key
                                FOR NO KEY UPDATE
                                """,
                                subscription,
                                Rows.of(keys).texts(Key::value));
                ResultSet locked = query.executeQuery()) {
            Map<Key, KeyRow> present = HashMap.newHashMap(keys.size());
            while (locked.next()) {
                present.put(
                        new Key(locked.getString(1)),
                        new KeyRow(locked.getBoolean(2), locked.getBoolean(3)));
            }
            return present;
        }
    }

    /** Marks keys, whose rows there are: from now on fresh events of them are noticed. */
    void watch(Collection<Key> keys) throws SQLException {
        Map<Key, KeyRow> _ = lock(keys);
        setWatched(keys, true);
    }

    /** A watched key has a fresh event. */
    void unwatch(Collection<Key> keys) throws SQLException {
        setWatched(keys, false);
    }

    private void setWatched(Collection<Key> keys, boolean watched) throws SQLException {
        execute(
                """
                UPDATE key_lock SET watched = ?
                WHERE subscription_id = ? AND key = ANY (?::text[]) AND watched <> ?
                """,
                watched,
                subscription,
                Rows.of(keys).texts(Key::value),
                watched);
    }

    /** Of each key the last position in a partition that some record is about. Takes long. */
    Map<Key, Position> latest(int partition, Collection<Key> keys) throws SQLException {
        try (PreparedStatement query =
                        prepare(
                                connection,
                                """
                                SELECT DISTINCT ON (key) key, position_ledger, position_entry, position_partition, position_index
                                FROM inbox_record
                                WHERE subscription_id = ? AND position_partition = ? AND key = ANY (?::text[])
                                ORDER BY key, position_ledger DESC, position_entry DESC, position_index DESC
                                """,
                                subscription,
                                partition,
                                Rows.of(keys).texts(Key::value));
                ResultSet row = query.executeQuery()) {
            Map<Key, Position> latest = new HashMap<>();
            while (row.next()) {
                latest.put(new Key(row.getString(1)), position(row, 2));
            }
            return latest;
        }
    }

    /** Makes rows for keys never seen. Waits for another transaction that makes one of them. */
    void introduce(Collection<Key> keys) throws SQLException {
        execute(
                """
                INSERT INTO key_lock (subscription_id, key)
                SELECT ?, k FROM unnest(?::text[]) AS k
                ON CONFLICT DO NOTHING
                """,
                subscription,
                Rows.of(keys).texts(Key::value));
    }

    /**
     * Reads the watermark. Only after {@link #record}: a purge commits its watermark before it
     * deletes, so whoever found a record missing finds the watermark there.
     */
    Horizon horizon() throws SQLException {
        try (PreparedStatement query =
                        prepare(
                                connection,
                                """
                                SELECT clock_timestamp(),
                                    (SELECT published_before FROM purge_watermark WHERE subscription_id = ?)
                                """,
                                subscription);
                ResultSet row = query.executeQuery()) {
            row.next();
            Instant now = row.getObject(1, OffsetDateTime.class).toInstant();
            return new Horizon(
                    Optional.ofNullable(row.getObject(2, OffsetDateTime.class))
                            .map(OffsetDateTime::toInstant),
                    now);
        }
    }

    /** Takes back records that this transaction has written. */
    void takeBack(Collection<MessageId> messageIds) throws SQLException {
        execute(
                "DELETE FROM inbox_record WHERE subscription_id = ? AND message_id = ANY"
                        + " (?::text[])",
                subscription,
                Rows.of(messageIds).texts(MessageId::value));
    }

    /** Lets records say something else. */
    void restate(Collection<Restatement> restatements) throws SQLException {
        Rows<Restatement> rows = Rows.of(restatements);
        execute(
                """
                UPDATE inbox_record r SET state = n.state, reason = n.reason
                FROM unnest(?::text[], ?::text[], ?::text[]) AS n (message_id, state, reason)
                WHERE r.subscription_id = ? AND r.message_id = n.message_id
                """,
                rows.texts(restatement -> restatement.messageId().value()),
                rows.texts(Restatement::state),
                rows.texts(Restatement::reason),
                subscription);
    }

    /**
     * Counts further copies of recorded events, each position once.
     *
     * @return which were not counted before
     */
    <E> Set<Position> count(Collection<Delivery.Decoded<E>> copies) throws SQLException {
        Rows<Delivery.Decoded<E>> rows = Rows.of(copies);
        try (PreparedStatement statement =
                prepare(
                        connection,
                        """
                        WITH copy AS (
                            SELECT * FROM unnest(?::bigint[], ?::bigint[], ?::integer[], ?::integer[], ?::text[], ?::text[])
                                AS c (ledger, entry, partition, index, message_id, published_at)),
                        counted AS (
                            INSERT INTO inbox_duplicate (subscription_id,
                                position_ledger, position_entry, position_partition, position_index, message_id)
                            SELECT ?, ledger, entry, partition, index, message_id FROM copy
                            ON CONFLICT DO NOTHING
                            RETURNING position_ledger, position_entry, position_partition, position_index),
                        added AS (
                            SELECT c.message_id, count(*) AS copies, max(c.published_at::timestamptz) AS published_at
                            FROM copy c JOIN counted n ON n.position_ledger = c.ledger AND n.position_entry = c.entry
                                AND n.position_partition = c.partition AND n.position_index = c.index
                            GROUP BY c.message_id),
                        raised AS (
                            UPDATE inbox_record r
                            SET copies = r.copies + a.copies, published_at = greatest(r.published_at, a.published_at)
                            FROM added a
                            WHERE r.subscription_id = ? AND r.message_id = a.message_id)
                        SELECT position_ledger, position_entry, position_partition, position_index FROM counted
                        """,
                        rows.longs(copy -> copy.position().ledger()),
                        rows.longs(copy -> copy.position().entry()),
                        rows.ints(copy -> copy.position().partition()),
                        rows.ints(copy -> copy.position().batchIndex()),
                        rows.texts(copy -> copy.messageId().value()),
                        rows.instants(copy -> copy.copy().publishedAt()),
                        subscription,
                        subscription)) {
            return positions(statement);
        }
    }

    /**
     * Keeps copies that need a person. A position that is accounted for already, whichever way, is
     * left out: bytes that one version of this program reads may be undecodable to another.
     *
     * @return which were kept
     */
    Set<Position> quarantine(List<Evidence> evidence) throws SQLException {
        Rows<Evidence> rows = Rows.of(evidence);
        Rows<Property> properties =
                Rows.of(properties(evidence.stream().map(Evidence::copy).toList()));
        try (PreparedStatement insert =
                prepare(
                        connection,
                        """
                        INSERT INTO quarantine (subscription_id, reason, detail, message_id, key, digest,
                            position_ledger, position_entry, position_partition, position_index,
                            schema_version, payload, published_at, properties)
                        SELECT ?, e.reason, e.detail, e.message_id, e.key, nullif(e.digest, ''), e.ledger, e.entry, e.partition, e.index,
                            e.schema_version, e.payload, e.published_at::timestamptz,
                            (SELECT coalesce(jsonb_object_agg(p.name, p.value), '{}')
                            FROM unnest(?::integer[], ?::text[], ?::text[]) AS p (owner, name, value) WHERE p.owner = e.number)
                        FROM unnest(?::text[], ?::text[], ?::text[], ?::text[], ?::bytea[], ?::bigint[], ?::bigint[],
                            ?::integer[], ?::integer[], ?::text[], ?::bytea[], ?::text[])
                            WITH ORDINALITY AS e (reason, detail, message_id, key, digest, ledger, entry, partition, index,
                                schema_version, payload, published_at, number)
                        WHERE NOT EXISTS (
                                SELECT FROM inbox_record r WHERE r.subscription_id = ? AND r.message_id = e.message_id
                                    AND r.position_ledger = e.ledger AND r.position_entry = e.entry
                                    AND r.position_partition = e.partition AND r.position_index = e.index)
                            AND NOT EXISTS (
                                SELECT FROM inbox_duplicate d WHERE d.subscription_id = ?
                                    AND d.position_ledger = e.ledger AND d.position_entry = e.entry
                                    AND d.position_partition = e.partition AND d.position_index = e.index)
                        ORDER BY e.ledger, e.entry, e.partition, e.index
                        ON CONFLICT DO NOTHING
                        RETURNING position_ledger, position_entry, position_partition, position_index
                        """,
                        subscription,
                        properties.ints(Property::owner),
                        properties.texts(Property::name),
                        properties.texts(Property::value),
                        rows.texts(copy -> copy.reason().value()),
                        rows.texts(copy -> storable(copy.detail())),
                        rows.texts(copy -> storable(copy.messageId())),
                        rows.texts(copy -> storable(copy.key())),
                        rows.bytes(copy -> copy.digest().map(InboxTables::bytes).orElse(ABSENT)),
                        rows.longs(copy -> copy.copy().position().ledger()),
                        rows.longs(copy -> copy.copy().position().entry()),
                        rows.ints(copy -> copy.copy().position().partition()),
                        rows.ints(copy -> copy.copy().position().batchIndex()),
                        rows.texts(copy -> storable(copy.copy().schemaVersion())),
                        rows.bytes(copy -> copy.copy().payload().toByteArray()),
                        rows.instants(copy -> copy.copy().publishedAt()),
                        subscription,
                        subscription)) {
            return positions(insert);
        }
    }

    /**
     * Writes for writing's sake. A transaction that has written nothing is not flushed and waits
     * for no standby, while what it has read may be lost in a failover; and only a write proves
     * that the database takes one.
     */
    void touch() throws SQLException {
        execute(
                "UPDATE subscription SET written_at = clock_timestamp() WHERE id = ?",
                subscription);
    }

    /** One property of a copy, by the copy's number from 1. */
    record Property(int owner, String name, String value) {}

    static List<Property> properties(List<Copy> copies) {
        List<Property> properties = new ArrayList<>();
        for (int i = 0; i < copies.size(); i++) {
            int owner = i + 1;
            copies.get(i)
                    .properties()
                    .forEach((name, value) ->
                            properties.add(new Property(owner, storable(name), storable(value))));
        }
        return properties;
    }

    /**
     * What no database text can hold, U+0000, becomes the replacement character; the payload keeps
     * it.
     */
    static String storable(String found) {
        return found.replace('\0', '\uFFFD');
    }

    private static byte[] bytes(Digest digest) {
        return HEX.parseHex(digest.hex());
    }

    private static Set<Position> positions(PreparedStatement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            Set<Position> positions = new HashSet<>();
            while (rows.next()) {
                positions.add(position(rows, 1));
            }
            return positions;
        }
    }

    /** Reads a position from four columns, of which this is the first. */
    static Position position(ResultSet row, int first) throws SQLException {
        return new Position(
                row.getLong(first),
                row.getLong(first + 1),
                row.getInt(first + 2),
                row.getInt(first + 3));
    }

    private void execute(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(connection, sql, parameters)) {
            statement.execute();
        }
    }
}
