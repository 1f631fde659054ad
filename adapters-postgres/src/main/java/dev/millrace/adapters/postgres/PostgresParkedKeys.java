package dev.millrace.adapters.postgres;

import static dev.millrace.adapters.postgres.Rows.prepare;

import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.operations.Hastening;
import dev.millrace.domain.operations.ParkedFilter;
import dev.millrace.domain.operations.ParkedKey;
import dev.millrace.domain.operations.Signature;
import dev.millrace.domain.operations.SubscribedKey;
import dev.millrace.ports.operations.driven.ParkedKeys;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The keys of one tenant's namespace that wait. Thread-safe. */
public final class PostgresParkedKeys implements ParkedKeys {

    private static final String[] BEFORE_ALL = {"", "", ""};

    /** Each table is asked for no more than a page, in the order of its index. */
    private static final String LIST =
            """
            SELECT w.stream, w.name, w.key, load.events, load.bytes,
                ARRAY(SELECT q.id FROM quarantine q
                    WHERE q.subscription_id = w.id AND q.key = w.key AND q.holds_key ORDER BY q.id) AS awaited,
                head.position_ledger, head.position_entry, head.position_partition, head.position_index,
                head.message_id, head.attempts, head.parked_at, head.due_at
            FROM (
                SELECT s.id, s.stream, s.name, k.key
                FROM (
                    SELECT *, CASE WHEN (stream, name) = (?::text, ?::text) THEN ?::text ELSE '' END AS last
                    FROM subscription
                    WHERE tenant = ? AND namespace = ? AND (stream, name) >= (?::text, ?::text)
                        AND (?::text = '' OR stream = ?) AND (?::text = '' OR name = ?)) AS s
                CROSS JOIN LATERAL (
                    (SELECT DISTINCT p.key FROM parked_event p
                    WHERE p.subscription_id = s.id AND p.key > s.last AND (?::text = '' OR p.key = ?)
                    ORDER BY p.key LIMIT ?)
                    UNION
                    (SELECT l.key FROM key_lock l
                    WHERE l.subscription_id = s.id AND (l.parked > 0 OR l.awaits_person)
                        AND l.key > s.last AND (?::text = '' OR l.key = ?)
                    ORDER BY l.key LIMIT ?)) AS k
                ORDER BY s.stream, s.name, k.key
                LIMIT ?) AS w
            CROSS JOIN LATERAL (
                SELECT count(*) AS events, coalesce(sum(octet_length(p.payload)), 0) AS bytes
                FROM parked_event p WHERE p.subscription_id = w.id AND p.key = w.key) AS load
            LEFT JOIN LATERAL (
                SELECT p.* FROM parked_event p WHERE p.subscription_id = w.id AND p.key = w.key
                ORDER BY p.sequence LIMIT 1) AS head ON true
            ORDER BY w.stream, w.name, w.key
            """;

    private final PostgresDatabase database;
    private final Tenant tenant;
    private final Namespace namespace;

    /** The keys of all subscriptions of this tenant's streams in this namespace. */
    public PostgresParkedKeys(PostgresDatabase database, Tenant tenant, Namespace namespace) {
        this.database = Objects.requireNonNull(database);
        this.tenant = Objects.requireNonNull(tenant);
        this.namespace = Objects.requireNonNull(namespace);
    }

    @Override
    public List<ParkedKey> list(ParkedFilter filter, String after, int limit) {
        return database.read(
                "the list of parked keys", connection -> list(connection, filter, after, limit));
    }

    private List<ParkedKey> list(
            Connection connection, ParkedFilter filter, String after, int limit)
            throws SQLException {
        String[] last = after.isEmpty() ? BEFORE_ALL : after.split("/", -1);
        try (PreparedStatement query =
                        prepare(
                                connection,
                                LIST,
                                last[0],
                                last[1],
                                last[2],
                                tenant.value(),
                                namespace.value(),
                                last[0],
                                last[1],
                                filter.stream(),
                                filter.stream(),
                                filter.subscription(),
                                filter.subscription(),
                                filter.key(),
                                filter.key(),
                                limit,
                                filter.key(),
                                filter.key(),
                                limit,
                                limit);
                ResultSet row = query.executeQuery()) {
            List<ParkedKey> keys = new ArrayList<>();
            while (row.next()) {
                keys.add(
                        new ParkedKey(
                                new SubscribedKey(
                                        new StreamName(row.getString("stream")),
                                        row.getString("name"),
                                        new Key(row.getString("key"))),
                                row.getLong("events"),
                                row.getLong("bytes"),
                                Arrays.asList((Long[]) row.getArray("awaited").getArray()),
                                row.getLong("events") == 0 ? List.of() : List.of(head(row))));
            }
            return keys;
        }
    }

    private static ParkedKey.Head head(ResultSet row) throws SQLException {
        OffsetDateTime dueAt = row.getObject("due_at", OffsetDateTime.class);
        return new ParkedKey.Head(
                new MessageId(row.getString("message_id")),
                InboxTables.position(row, 7),
                row.getInt("attempts"),
                row.getObject("parked_at", OffsetDateTime.class).toInstant(),
                dueAt == null ? Instant.MAX : dueAt.toInstant());
    }

    @Override
    public Hastening release(SubscribedKey key, Signature signature) {
        return new Acts(database, "a release")
                .run(connection -> {
                    Optional<Integer> subscription =
                            PostgresDatabase.known(
                                    connection,
                                    tenant.value(),
                                    namespace.value(),
                                    key.stream().value(),
                                    key.subscription());
                    return subscription.isEmpty()
                            ? new Hastening.NothingParked()
                            : release(connection, subscription.get(), key, signature);
                });
    }

    private Hastening release(
            Connection connection, int subscription, SubscribedKey key, Signature signature)
            throws SQLException {
        KeyTables keys = new KeyTables(connection, subscription);
        keys.await(key.key().value());
        List<Long> awaited = keys.awaited(key.key().value());
        if (!awaited.isEmpty()) {
            return new Hastening.AwaitsPerson(awaited);
        }
        long events = keys.hasten(key.key().value());
        if (events == 0) {
            return new Hastening.NothingParked();
        }
        long _ =
                new AuditTable(connection, tenant, namespace)
                        .add(
                                "release",
                                signature,
                                new AuditTable.Subject(
                                        key.stream().value(),
                                        key.subscription(),
                                        key.key().value(),
                                        "",
                                        0),
                                Map.of("events", Long.toString(events)));
        return new Hastening.Due(events);
    }
}
