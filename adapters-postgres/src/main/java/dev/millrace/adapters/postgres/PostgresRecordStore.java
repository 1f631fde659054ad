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
                    forgetCrashes(connection, id);
                    int records = deleteRecords(connection, id, publishedBefore, limit);
                    return records
                            + deleteGivenUp(connection, id, publishedBefore, limit - records);
                });
    }

    /** What nobody took on again for so long was not what the process died of. */
    private static void forgetCrashes(Connection connection, int subscription) throws SQLException {
        try (PreparedStatement delete =
                prepare(
                        connection,
                        """
                        WITH runs AS (
                            DELETE FROM run_under_way
                            WHERE subscription_id = ? AND noted_at < now() - interval '1 day')
                        DELETE FROM lone_run WHERE subscription_id = ? AND began_at < now() - interval '1 day'
                        """,
                        subscription,
                        subscription)) {
            delete.execute();
        }
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
     * A record that a lane holds at this moment stays until the next purge; its further copies, its
     * failed tries and its editions go with it. All by arrays, since a join with so many rows would
     * have the tables read whole, in every step.
     */
    private static int deleteRecords(
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
                                    DELETE FROM inbox_duplicate
                                    WHERE subscription_id = ? AND message_id = ANY (ARRAY(SELECT message_id FROM old))),
                                attempts AS (
                                    DELETE FROM event_attempt
                                    WHERE subscription_id = ? AND message_id = ANY (ARRAY(SELECT message_id FROM old))),
                                edits AS (
                                    DELETE FROM event_edit
                                    WHERE subscription_id = ? AND message_id = ANY (ARRAY(SELECT message_id FROM old))),
                                gone AS (
                                    DELETE FROM inbox_record
                                    WHERE subscription_id = ? AND message_id = ANY (ARRAY(SELECT message_id FROM old))
                                    RETURNING message_id)
                                SELECT count(*) FROM gone
                                """,
                                subscription,
                                Rows.text(publishedBefore),
                                limit,
                                subscription,
                                subscription,
                                subscription,
                                subscription);
                ResultSet count = delete.executeQuery()) {
            count.next();
            return count.getInt(1);
        }
    }

    private static int deleteGivenUp(
            Connection connection, int subscription, Instant publishedBefore, int limit)
            throws SQLException {
        try (PreparedStatement delete =
                prepare(
                        connection,
                        """
                        DELETE FROM discarded_copy WHERE ctid = ANY (ARRAY(
                            SELECT ctid FROM discarded_copy
                            WHERE subscription_id = ? AND published_at < ?::timestamptz
                            ORDER BY published_at
                            LIMIT ?
                            FOR UPDATE SKIP LOCKED))
                        """,
                        subscription,
                        Rows.text(publishedBefore),
                        limit)) {
            return delete.executeUpdate();
        }
    }
}
