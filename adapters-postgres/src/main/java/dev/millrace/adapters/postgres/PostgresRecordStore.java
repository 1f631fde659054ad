package dev.millrace.adapters.postgres;

import static dev.millrace.adapters.postgres.Rows.prepare;

import dev.millrace.domain.SubscriptionId;
import dev.millrace.ports.driven.RecordStore;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Objects;

/** The purge's side of the idempotency records. Thread-safe. */
public final class PostgresRecordStore implements RecordStore {

    private final PostgresDatabase database;

    /** The records of all subscriptions in this database. */
    public PostgresRecordStore(PostgresDatabase database) {
        this.database = Objects.requireNonNull(database);
    }

    @Override
    public int purge(SubscriptionId subscription, Instant publishedBefore, int limit) {
        return database.read(
                "the purge of idempotency records",
                connection -> {
                    int id = database.subscriptionId(subscription);
                    raiseWatermark(connection, id, publishedBefore);
                    return delete(connection, id, publishedBefore, limit);
                });
    }

    private static void raiseWatermark(
            Connection connection, int subscription, Instant publishedBefore) throws SQLException {
        try (PreparedStatement upsert =
                prepare(
                        connection,
                        """
                        INSERT INTO purge_watermark AS w (subscription_id, published_before) VALUES (?, ?::timestamptz)
                        ON CONFLICT (subscription_id) DO UPDATE SET published_before = excluded.published_before
                        WHERE w.published_before < excluded.published_before
                        """,
                        subscription,
                        Rows.text(publishedBefore))) {
            upsert.execute();
        }
    }

    /**
     * A record that a lane holds at this moment stays until the next purge; its further copies go
     * with it.
     */
    private static int delete(
            Connection connection, int subscription, Instant publishedBefore, int limit)
            throws SQLException {
        try (PreparedStatement delete =
                        prepare(
                                connection,
                                """
                                WITH old AS (
                                    SELECT message_id FROM inbox_record
                                    WHERE subscription_id = ? AND published_at < ?::timestamptz
                                        AND state IN ('applied', 'rejected', 'discarded')
                                    ORDER BY published_at
                                    LIMIT ?
                                    FOR UPDATE SKIP LOCKED),
                                copies AS (
                                    DELETE FROM inbox_duplicate d USING old
                                    WHERE d.subscription_id = ? AND d.message_id = old.message_id),
                                gone AS (
                                    DELETE FROM inbox_record r USING old
                                    WHERE r.subscription_id = ? AND r.message_id = old.message_id
                                    RETURNING r.message_id)
                                SELECT count(*) FROM gone
                                """,
                                subscription,
                                Rows.text(publishedBefore),
                                limit,
                                subscription,
                                subscription);
                ResultSet count = delete.executeQuery()) {
            count.next();
            return count.getInt(1);
        }
    }
}
