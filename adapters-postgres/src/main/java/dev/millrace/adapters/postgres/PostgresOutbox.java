package dev.millrace.adapters.postgres;

import static dev.millrace.adapters.postgres.Rows.prepare;

import dev.millrace.domain.DeadLetter;
import dev.millrace.domain.FailedAttempt;
import dev.millrace.domain.Failure;
import dev.millrace.domain.OutboxLoad;
import dev.millrace.domain.Reason;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.ports.driven.Outbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The outbox that a trigger fills with every row of quarantine. Each method's statements are
 * transactions of their own; the one that deletes names the turn's fence. Thread-safe.
 */
public final class PostgresOutbox implements Outbox {

    /** So much is read at once; the last of it may go beyond. */
    private static final int MAX_BYTES = 16 << 20;

    private final PostgresDatabase database;
    private final SubscriptionId subscription;

    /** The entries into this subscription's quarantine. */
    public PostgresOutbox(PostgresDatabase database, SubscriptionId subscription) {
        this.database = Objects.requireNonNull(database);
        this.subscription = Objects.requireNonNull(subscription);
    }

    @Override
    public OutboxLoad load() {
        return database.read(
                "how much of quarantine is still to be published",
                connection -> load(connection, database.subscriptionId(subscription)));
    }

    private static OutboxLoad load(Connection connection, int subscription) throws SQLException {
        try (PreparedStatement query =
                        prepare(
                                connection,
                                """
                                SELECT count(*), coalesce(
                                    extract(epoch FROM greatest(clock_timestamp() - min(entered_at), '0'))
                                        * 1000, 0)::bigint
                                FROM outbox WHERE subscription_id = ?
                                """,
                                subscription);
                ResultSet row = query.executeQuery()) {
            row.next();
            return new OutboxLoad(row.getLong(1), Duration.ofMillis(row.getLong(2)));
        }
    }

    @Override
    public Optional<Turn> take(String owner, Duration term, int limit) {
        return database.read(
                "the turn to publish what is in quarantine",
                connection -> {
                    int id = database.subscriptionId(subscription);
                    OptionalLong fence = take(connection, id, owner, term);
                    return fence.isEmpty()
                            ? Optional.empty()
                            : Optional.of(
                                    new Turn(fence.getAsLong(), letters(connection, id, limit)));
                });
    }

    /** Whoever comes later waits for the row, and then finds whose turn it has become. */
    private static OptionalLong take(
            Connection connection, int subscription, String owner, Duration term)
            throws SQLException {
        try (PreparedStatement upsert =
                        prepare(
                                connection,
                                """
                                INSERT INTO relay_turn AS t (subscription_id, owner, fence, expires_at)
                                VALUES (?, ?, 1, clock_timestamp() + ? * interval '1 millisecond')
                                ON CONFLICT (subscription_id) DO UPDATE
                                SET owner = excluded.owner,
                                    fence = t.fence + CASE WHEN t.owner = excluded.owner THEN 0 ELSE 1 END,
                                    expires_at = excluded.expires_at
                                WHERE t.owner = excluded.owner OR t.expires_at <= clock_timestamp()
                                RETURNING fence
                                """,
                                subscription,
                                owner,
                                term.toMillis());
                ResultSet row = upsert.executeQuery()) {
            return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
        }
    }

    /** Reads on as long as what it has read is not too much for the memory; at least one. */
    private static List<DeadLetter> letters(Connection connection, int subscription, int limit)
            throws SQLException {
        try (PreparedStatement query =
                        prepare(
                                connection,
                                """
                                SELECT quarantine_id, message_id, key, reason,
                                    position_ledger, position_entry, position_partition, position_index,
                                    published_at, payload, schema_version,
                                    ARRAY(SELECT p.key FROM jsonb_each_text(properties) AS p (key, value)) AS names,
                                    ARRAY(SELECT p.value FROM jsonb_each_text(properties) AS p (key, value)) AS values,
                                    ARRAY(SELECT ARRAY[a.number::text,
                                            to_char(a.attempted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                                            a.exception, a.message, a.frames, a.trace_id]
                                        FROM jsonb_to_recordset(attempts) AS a (number integer, attempted_at timestamptz,
                                            exception text, message text, frames text, trace_id text)
                                        ORDER BY a.number) AS attempts
                                FROM (SELECT *, sum(bytes) OVER (ORDER BY quarantine_id) - bytes AS bytes_before
                                    FROM (SELECT *, octet_length(payload) + octet_length(attempts::text)
                                            + octet_length(properties::text) AS bytes
                                        FROM outbox WHERE subscription_id = ?
                                        ORDER BY quarantine_id LIMIT ?) AS next) AS next
                                WHERE bytes_before < ?
                                ORDER BY quarantine_id
                                """,
                                subscription,
                                limit,
                                MAX_BYTES);
                ResultSet row = query.executeQuery()) {
            List<DeadLetter> letters = new ArrayList<>();
            while (row.next()) {
                letters.add(
                        new DeadLetter(
                                row.getLong("quarantine_id"),
                                row.getString("message_id"),
                                row.getString("key"),
                                new Reason(row.getString("reason")),
                                attempts(row),
                                ParkedTables.copy(row, 5)));
            }
            return letters;
        }
    }

    private static List<FailedAttempt> attempts(ResultSet row) throws SQLException {
        List<FailedAttempt> attempts = new ArrayList<>();
        for (Object attempt : (Object[]) row.getArray("attempts").getArray()) {
            String[] column = (String[]) attempt;
            attempts.add(
                    new FailedAttempt(
                            Integer.parseInt(column[0]),
                            Instant.parse(column[1]),
                            new Failure.Fault(column[2], column[3], column[4].lines().toList()),
                            column[5]));
        }
        return attempts;
    }

    @Override
    public boolean confirm(long fence, Set<Long> published, Duration term) {
        return database.read(
                "what of quarantine is published",
                connection -> {
                    int id = database.subscriptionId(subscription);
                    return confirm(connection, id, fence, List.copyOf(published), term);
                });
    }

    private static boolean confirm(
            Connection connection,
            int subscription,
            long fence,
            List<Long> published,
            Duration term)
            throws SQLException {
        try (PreparedStatement statement =
                        prepare(
                                connection,
                                """
                                WITH turn AS (
                                    UPDATE relay_turn SET expires_at = clock_timestamp() + ? * interval '1 millisecond'
                                    WHERE subscription_id = ? AND fence = ?
                                    RETURNING subscription_id),
                                gone AS (
                                    DELETE FROM outbox o USING turn t
                                    WHERE o.subscription_id = t.subscription_id
                                        AND o.quarantine_id = ANY (?::bigint[]))
                                SELECT FROM turn
                                """,
                                term.toMillis(),
                                subscription,
                                fence,
                                Rows.of(published).longs(Long::longValue));
                ResultSet row = statement.executeQuery()) {
            return row.next();
        }
    }
}
