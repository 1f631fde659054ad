package dev.millrace.benchmarks.drain;

import dev.millrace.benchmarks.process.Addresses;
import dev.millrace.benchmarks.process.Failure;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The databases of a measurement, on the stack's server. Dropped when closed. */
public final class Databases implements AutoCloseable {

    private final String url;
    private final String user;
    private final String password;
    private final List<String> created = new ArrayList<>();

    public Databases(Addresses stack) {
        this.url = stack.get("postgres.url");
        this.user = stack.get("postgres.user");
        this.password = stack.get("postgres.password");
    }

    /**
     * Creates an empty one.
     *
     * @param name lower-case letters, digits and underscores only
     * @return the settings that make a service use it
     */
    public Map<String, String> create(String name) {
        run("CREATE DATABASE " + name);
        created.add(name);
        return Map.of(
                "MILLRACE_POSTGRES_URL", url.substring(0, url.lastIndexOf('/') + 1) + name,
                "MILLRACE_POSTGRES_USER", user,
                "MILLRACE_POSTGRES_PASSWORD", password);
    }

    /**
     * How many events have taken effect in one of them.
     *
     * @param name as it was created
     */
    public long applied(String name) {
        String there = url.substring(0, url.lastIndexOf('/') + 1) + name;
        try (Connection connection = DriverManager.getConnection(there, user, password);
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT coalesce(sum(entries), 0) FROM account")) {
            return row.next() ? row.getLong(1) : 0;
        } catch (SQLException failure) {
            throw new Failure("PostgreSQL does not answer: " + failure.getMessage(), failure);
        }
    }

    /** The server's settings that decide whether a commit is durable. */
    public Map<String, String> durability() {
        Map<String, String> settings = new TreeMap<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String name :
                    List.of("fsync", "synchronous_commit", "full_page_writes", "wal_sync_method")) {
                try (ResultSet row = statement.executeQuery("SHOW " + name)) {
                    if (row.next()) {
                        settings.put(name, String.valueOf(row.getString(1)));
                    }
                }
            }
            return settings;
        } catch (SQLException failure) {
            throw new Failure("PostgreSQL does not answer: " + failure.getMessage(), failure);
        }
    }

    private void run(String sql) {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failure) {
            throw new Failure("PostgreSQL refused " + sql + ": " + failure.getMessage(), failure);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(url, user, password);
    }

    @Override
    public void close() {
        // Without force, which would fail at a vacuum that nobody may end; so it waits for that.
        created.forEach(name -> run("DROP DATABASE IF EXISTS " + name));
    }
}
