package dev.millrace.adapters.postgres;

import static dev.millrace.adapters.postgres.Rows.prepare;

import dev.millrace.domain.Accepted;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.operations.KnownEffect;
import dev.millrace.ports.counter.Count;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.Counted;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The counters of one owner, so that two subscriptions have states of their own. */
final class CounterStateStore implements StateStore<CountEvent, Count, Counted> {

    private final String owner;

    CounterStateStore(String owner) {
        this.owner = owner;
    }

    /**
     * Makes the missing rows first, so that there is one to lock: the plainest way to keep both
     * duties.
     */
    @Override
    public Map<Key, Count> load(Connection connection, Collection<Key> keys) throws SQLException {
        String[] names = Rows.of(keys).texts(Key::value);
        try (PreparedStatement insert =
                prepare(
                        connection,
                        "INSERT INTO counter SELECT ?, k, 0 FROM unnest(?::text[]) AS k ON CONFLICT"
                                + " DO NOTHING",
                        owner,
                        names)) {
            insert.execute();
        }
        try (PreparedStatement query =
                        prepare(
                                connection,
                                """
                                SELECT key, value FROM counter WHERE owner = ? AND key = ANY (?::text[])
                                ORDER BY key FOR NO KEY UPDATE
                                """,
                                owner,
                                names);
                ResultSet row = query.executeQuery()) {
            Map<Key, Count> counts = new HashMap<>();
            while (row.next()) {
                counts.put(new Key(row.getString(1)), new Count(row.getLong(2)));
            }
            return counts;
        }
    }

    @Override
    public void save(
            Connection connection,
            Map<Key, Count> changed,
            List<Accepted<CountEvent, Counted>> accepted,
            Instant appliedAt)
            throws SQLException {
        Rows<Map.Entry<Key, Count>> counts = Rows.of(new TreeMap<>(changed).entrySet());
        try (PreparedStatement update =
                prepare(
                        connection,
                        """
                        UPDATE counter SET value = c.value FROM unnest(?::text[], ?::bigint[]) AS c (key, value)
                        WHERE counter.owner = ? AND counter.key = c.key
                        """,
                        counts.texts(count -> count.getKey().value()),
                        counts.longs(count -> count.getValue().value()),
                        owner)) {
            update.execute();
        }
        Rows<Accepted<CountEvent, Counted>> effects = Rows.of(accepted);
        try (PreparedStatement insert =
                prepare(
                        connection,
                        "INSERT INTO counted (owner, key, message_id, value_after) SELECT ?, * FROM"
                                + " unnest(?::text[], ?::text[], ?::bigint[])",
                        owner,
                        effects.texts(effect -> effect.delivery().key().value()),
                        effects.texts(effect -> effect.delivery().messageId().value()),
                        effects.longs(effect -> effect.effect().valueAfter()))) {
            insert.execute();
        }
    }

    @Override
    public Set<MessageId> effects(Connection connection, Map<MessageId, Key> events)
            throws SQLException {
        try (PreparedStatement query =
                        prepare(
                                connection,
                                "SELECT message_id FROM counted WHERE owner = ? AND message_id ="
                                        + " ANY (?::text[])",
                                owner,
                                Rows.of(events.keySet()).texts(MessageId::value));
                ResultSet row = query.executeQuery()) {
            Set<MessageId> present = new HashSet<>();
            while (row.next()) {
                present.add(new MessageId(row.getString(1)));
            }
            return present;
        }
    }

    @Override
    public Optional<KnownEffect> effect(Connection connection, MessageId messageId, Key key)
            throws SQLException {
        try (PreparedStatement query =
                        prepare(
                                connection,
                                "SELECT counted_at, value_after FROM counted WHERE owner = ? AND"
                                        + " message_id = ?",
                                owner,
                                messageId.value());
                ResultSet row = query.executeQuery()) {
            return row.next()
                    ? Optional.of(
                            new KnownEffect(
                                    row.getObject(1, OffsetDateTime.class).toInstant(),
                                    "now " + row.getLong(2)))
                    : Optional.empty();
        }
    }
}
