package dev.millrace.adapters.postgres;

import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;

import dev.millrace.domain.Copy;
import dev.millrace.domain.FailedAttempt;
import dev.millrace.domain.Failure;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Payload;
import dev.millrace.domain.Reason;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.ports.contract.QuarantinedCopy;
import dev.millrace.stack.Endpoints;
import dev.millrace.stack.SharedStack;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * A database of a test's own, with the engine's, the ledger's and the counter's tables. Dropped
 * when closed.
 */
public final class TestDatabase implements AutoCloseable {

    /** Where the counter's migration lies. */
    public static final String COUNTER = "classpath:db/counter";

    /** Than the one that asks. */
    private static final String OLDER_CONNECTIONS =
            """
            SELECT count(*) FROM pg_stat_activity older JOIN pg_stat_activity self
                ON self.pid = pg_backend_pid() AND older.datname = self.datname
                AND older.backend_start < self.backend_start
            """;

    private final Endpoints endpoints = SharedStack.endpoints();
    private final String name = "test_" + UUID.randomUUID().toString().replace("-", "");
    private final HikariDataSource pool;
    private final PostgresDatabase database;

    private TestDatabase(boolean migrated) throws SQLException {
        executeOnServer("CREATE DATABASE " + name);
        PostgresSettings settings = settings(8);
        pool = ConnectionPool.open(settings);
        database = new PostgresDatabase(pool, pool, new Schema(settings, List.of(COUNTER)));
        if (migrated) {
            database.migrate();
        }
    }

    /** A new database with all tables. */
    public static TestDatabase create() throws SQLException {
        return new TestDatabase(true);
    }

    /** A new database without any table. */
    static TestDatabase createEmpty() throws SQLException {
        return new TestDatabase(false);
    }

    /** The adapter's way in. */
    public PostgresDatabase database() {
        return database;
    }

    /** The same over other connections, whose end is left to others. */
    PostgresDatabase database(WatchedConnections connections) {
        return new PostgresDatabase(
                connections.dataSource(), () -> {}, new Schema(settings(1), List.of(COUNTER)));
    }

    /** The pool behind it. */
    HikariDataSource pool() {
        return pool;
    }

    /** Makes all connections refuse writes, or take them again, before it returns. */
    void readOnly(boolean readOnly) {
        onServer("ALTER DATABASE " + name + " SET default_transaction_read_only = " + readOnly);
        try (Connection beside = connect();
                Statement statement = beside.createStatement()) {
            await().until(() -> {
                // One that was being opened meanwhile joins the pool as it was.
                pool.getHikariPoolMXBean().softEvictConnections();
                try (ResultSet older = statement.executeQuery(OLDER_CONNECTIONS)) {
                    return older.next() && older.getLong(1) == 0;
                }
            });
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    /** Settings for this database with short waits. */
    PostgresSettings settings(int connections) {
        return new PostgresSettings(
                url(name),
                endpoints.postgresUser(),
                endpoints.postgresPassword(),
                connections,
                Duration.ofSeconds(1),
                Duration.ofSeconds(3),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(7),
                Duration.ofSeconds(15),
                Duration.ofMinutes(1));
    }

    /** A connection beside the pool. */
    Connection connect() throws SQLException {
        return DriverManager.getConnection(
                url(name), endpoints.postgresUser(), endpoints.postgresPassword());
    }

    /** Runs a statement beside the pool. */
    void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The one number that a query answers; 0 when it answers none. */
    public long number(String sql, Object... parameters) {
        try (Connection connection = pool.getConnection();
                PreparedStatement query = Rows.prepare(connection, sql, parameters);
                ResultSet row = query.executeQuery()) {
            return row.next() ? row.getLong(1) : 0;
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    /**
     * Takes all rows out of all tables, but for the subscriptions, whose numbers are kept in mind.
     */
    public void empty() throws SQLException {
        execute(
                "SET millrace.purge = 'on'; TRUNCATE audit_log, redriven_event, redrive, replay,"
                        + " replay_span, replay_count, replay_finding, event_edit, discarded_copy,"
                        + " inbox_record, inbox_duplicate, key_lock, quarantine, parked_event,"
                        + " event_attempt, run_under_way, lone_run, outbox, relay_turn,"
                        + " purge_watermark, lane_pause, lane_report, account, entry, counter,"
                        + " counted");
    }

    /** Ends all connections and lets no new ones in. */
    public void makeUnavailable() {
        onServer("ALTER DATABASE " + name + " ALLOW_CONNECTIONS false");
        endClients();
    }

    /** Not the server's own workers, which its vacuum may have here: nobody may end those. */
    private void endClients() {
        onServer(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type ="
                        + " 'client backend' AND datname = '"
                        + name
                        + "'");
    }

    /**
     * Lets connections in again, and spares the test the dead ones that the pool has not noticed
     * yet.
     */
    public void makeAvailable() {
        pool.getHikariPoolMXBean().softEvictConnections();
        onServer("ALTER DATABASE " + name + " ALLOW_CONNECTIONS true");
        // The longer it was away, the longer the pool waits before it tries again.
        await().ignoreExceptions()
                .until(() -> {
                    try (Connection connection = pool.getConnection()) {
                        return connection.isValid(1);
                    }
                });
    }

    /** How many copies the record of a message counts. */
    int copiesOf(SubscriptionId subscription, MessageId messageId) {
        return (int)
                number(
                        """
                        SELECT copies FROM inbox_record r JOIN subscription s ON s.id = r.subscription_id
                        WHERE s.tenant = ? AND s.namespace = ? AND s.stream = ? AND s.name = ? AND r.message_id = ?
                        """,
                        subscription.tenant().value(),
                        subscription.namespace().value(),
                        subscription.stream().value(),
                        subscription.name(),
                        messageId.value());
    }

    /** The texts that a query answers in its first column. */
    List<String> texts(String sql, Object... parameters) {
        try (Connection connection = connect();
                PreparedStatement query = Rows.prepare(connection, sql, parameters);
                ResultSet row = query.executeQuery()) {
            List<String> texts = new ArrayList<>();
            while (row.next()) {
                texts.add(row.getString(1));
            }
            return texts;
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    /** Until one connection of this database waits for another. */
    void awaitOneWaitingForALock() {
        await().until(() ->
                number(
                                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type ="
                                        + " 'Lock' AND datname = current_database()")
                        == 1);
    }

    /** The failed tries of an event. */
    List<FailedAttempt> attemptsOf(MessageId messageId) {
        try (Connection connection = connect();
                PreparedStatement query =
                        Rows.prepare(
                                connection,
                                "SELECT number, exception, message, frames, trace_id, attempted_at"
                                    + " FROM event_attempt WHERE message_id = ? ORDER BY number",
                                messageId.value());
                ResultSet row = query.executeQuery()) {
            List<FailedAttempt> attempts = new ArrayList<>();
            while (row.next()) {
                attempts.add(
                        new FailedAttempt(
                                row.getInt(1),
                                row.getTimestamp(6).toInstant(),
                                new Failure.Fault(
                                        row.getString(2),
                                        row.getString(3),
                                        row.getString(4).lines().toList()),
                                row.getString(5)));
            }
            return attempts;
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    /** The quarantine of a subscription. */
    List<QuarantinedCopy> quarantine(SubscriptionId subscription) {
        try (Connection connection = connect();
                PreparedStatement query =
                        Rows.prepare(
                                connection,
                                """
                                SELECT position_ledger, position_entry, position_partition, position_index, q.message_id,
                                    q.key, q.reason, q.published_at, q.payload, q.schema_version,
                                    ARRAY(SELECT jsonb_object_keys(q.properties)) AS names,
                                    ARRAY(SELECT value FROM jsonb_each_text(q.properties)) AS values
                                FROM quarantine q JOIN subscription s ON s.id = q.subscription_id
                                WHERE s.tenant = ? AND s.namespace = ? AND s.stream = ? AND s.name = ?
                                ORDER BY q.id
                                """,
                                subscription.tenant().value(),
                                subscription.namespace().value(),
                                subscription.stream().value(),
                                subscription.name());
                ResultSet row = query.executeQuery()) {
            List<QuarantinedCopy> copies = new ArrayList<>();
            while (row.next()) {
                copies.add(copy(row));
            }
            return copies;
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    private static QuarantinedCopy copy(ResultSet row) throws SQLException {
        String[] names = (String[]) row.getArray("names").getArray();
        String[] values = (String[]) row.getArray("values").getArray();
        Map<String, String> properties = new HashMap<>();
        for (int i = 0; i < names.length; i++) {
            properties.put(names[i], values[i]);
        }
        return new QuarantinedCopy(
                row.getString("message_id"),
                row.getString("key"),
                new Reason(row.getString("reason")),
                new Copy(
                        InboxTables.position(row, 1),
                        row.getObject("published_at", OffsetDateTime.class).toInstant(),
                        Payload.copyOf(row.getBytes("payload")),
                        row.getString("schema_version"),
                        properties));
    }

    @Override
    public void close() {
        database.close();
        endClients();
        onServer("DROP DATABASE " + name);
    }

    private void onServer(String sql) {
        try {
            executeOnServer(sql);
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    private void executeOnServer(String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(
                                endpoints.postgresUrl(),
                                endpoints.postgresUser(),
                                endpoints.postgresPassword());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String url(String database) {
        String url = endpoints.postgresUrl();
        return url.substring(0, url.lastIndexOf('/') + 1) + database;
    }
}
