package dev.millrace.adapters.postgres;

import com.zaxxer.hikari.HikariDataSource;

import dev.millrace.domain.SubscriptionId;
import dev.millrace.ports.Condition;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import javax.sql.DataSource;

/**
 * One database: its connections, its schema, and whether it is there. Thread-safe. It watches the
 * database with one thread of its own, so that asking for its condition costs nothing.
 */
public final class PostgresDatabase implements AutoCloseable {

    private static final long WATCH_MILLIS = 1_000;

    private final DataSource pool;
    private final AutoCloseable closing;
    private final Schema schema;
    private final Map<SubscriptionId, Integer> subscriptions = new ConcurrentHashMap<>();
    private final ScheduledExecutorService watch;
    private volatile Optional<String> trouble = Optional.of("not yet asked");

    PostgresDatabase(DataSource pool, AutoCloseable closing, Schema schema) {
        this.pool = pool;
        this.closing = closing;
        this.schema = schema;
        this.watch =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("postgres-watch").factory());
        var _ = watch.scheduleWithFixedDelay(this::look, 0, WATCH_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Opens without connecting: the database may come later. */
    public static PostgresDatabase open(PostgresSettings settings) {
        return open(settings, List.of());
    }

    /**
     * Opens without connecting, and counts what the connections do.
     *
     * @param registry of metrics, of a kind that HikariCP knows; Micrometer's is one
     */
    public static PostgresDatabase open(PostgresSettings settings, Object registry) {
        HikariDataSource pool = ConnectionPool.open(settings);
        pool.setMetricRegistry(registry);
        return new PostgresDatabase(pool, pool, new Schema(settings, List.of()));
    }

    /**
     * Opens with further migrations than those below {@code db/migration} on the class path.
     *
     * @param moreMigrations locations as Flyway spells them, {@code classpath:…}
     */
    public static PostgresDatabase open(PostgresSettings settings, List<String> moreMigrations) {
        HikariDataSource pool = ConnectionPool.open(settings);
        return new PostgresDatabase(pool, pool, new Schema(settings, moreMigrations));
    }

    /**
     * Brings the schema up to what this binary knows; a newer one is left as it is.
     *
     * @throws dev.millrace.ports.Unavailable when the database is away
     * @throws IllegalStateException when a migration is wrong
     */
    public void migrate() {
        schema.migrate();
    }

    /**
     * Answers when the schema is as new as this binary needs, or newer.
     *
     * @throws dev.millrace.ports.Unavailable when the database is away
     * @throws IllegalStateException when it is older, saying what is missing and what to run
     */
    public void requireSchema() {
        schema.require();
    }

    /**
     * Whether the database took writes when it was last looked at, about a second ago.
     *
     * @param name of the condition
     */
    public Condition condition(String name) {
        return trouble.map(detail -> Condition.unmet(name, detail))
                .orElseGet(() -> Condition.met(name));
    }

    /**
     * Reads what is committed.
     *
     * @param what is read, for a person
     * @throws dev.millrace.ports.Unavailable when the database is away
     */
    public <T> T read(String what, Reading<T> reading) {
        try (Connection connection = connect()) {
            return reading.from(connection);
        } catch (SQLException failure) {
            throw SqlFailure.translate(what, failure);
        }
    }

    /** What is done with a connection, each statement being a transaction of its own. */
    @FunctionalInterface
    public interface Reading<T> {
        /** Leaves closing the connection to its giver. */
        T from(Connection connection) throws SQLException;
    }

    @Override
    public void close() {
        watch.shutdownNow();
        try {
            closing.close();
        } catch (Exception failure) {
            throw new IllegalStateException("the connection pool could not be closed", failure);
        }
    }

    Connection connect() throws SQLException {
        return pool.getConnection();
    }

    /** The number under which a subscription's rows stand; it gets one when it has none. */
    int subscriptionId(SubscriptionId subscription) throws SQLException {
        Integer known = subscriptions.get(subscription);
        if (known != null) {
            return known;
        }
        try (Connection connection = connect()) {
            int id = find(connection, subscription);
            subscriptions.put(subscription, id);
            return id;
        }
    }

    private static int find(Connection connection, SubscriptionId subscription)
            throws SQLException {
        Object[] name = {
            subscription.tenant().value(),
            subscription.namespace().value(),
            subscription.stream().value(),
            subscription.name()
        };
        try (PreparedStatement insert =
                Rows.prepare(
                        connection,
                        "INSERT INTO subscription (tenant, namespace, stream, name) VALUES (?, ?,"
                                + " ?, ?) ON CONFLICT DO NOTHING",
                        name)) {
            insert.execute();
        }
        return known(connection, name).orElseThrow();
    }

    /**
     * The number of a subscription that has one: it gets none by being asked for.
     *
     * @param name its tenant, namespace, stream and name, as texts
     */
    static Optional<Integer> known(Connection connection, Object... name) throws SQLException {
        try (PreparedStatement query =
                        Rows.prepare(
                                connection,
                                "SELECT id FROM subscription WHERE tenant = ? AND namespace = ? AND"
                                        + " stream = ? AND name = ?",
                                name);
                ResultSet row = query.executeQuery()) {
            return row.next() ? Optional.of(row.getInt(1)) : Optional.empty();
        }
    }

    private void look() {
        try (Connection connection = connect();
                PreparedStatement query =
                        Rows.prepare(
                                connection,
                                "SELECT current_setting('transaction_read_only')::boolean");
                ResultSet row = query.executeQuery()) {
            row.next();
            trouble = row.getBoolean(1) ? Optional.of("PostgreSQL is read-only") : Optional.empty();
        } catch (SQLException failure) {
            trouble = Optional.of("PostgreSQL is not reachable: " + failure.getMessage());
        } catch (RuntimeException closed) {
            trouble = Optional.of("the connection pool is closed");
        }
    }
}
