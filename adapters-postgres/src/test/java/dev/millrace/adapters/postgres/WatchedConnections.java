package dev.millrace.adapters.postgres;

import org.postgresql.jdbc.PgConnection;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.sql.DataSource;

/** A pool whose connections note what is asked of them, and meddle with the commit. */
final class WatchedConnections {

    private final DataSource pool;
    private final List<String> statements = new CopyOnWriteArrayList<>();
    private volatile Commit commit = PgConnection::commit;

    WatchedConnections(DataSource pool) {
        this.pool = pool;
    }

    /** What a commit does instead of committing. */
    @FunctionalInterface
    interface Commit {
        void on(PgConnection connection) throws SQLException;
    }

    /** Whatever comes next commits like this. */
    void commitBy(Commit how) {
        commit = how;
    }

    /** The statements since the last call, commits not among them. */
    List<String> statements() {
        List<String> taken = List.copyOf(statements);
        statements.clear();
        return taken;
    }

    DataSource dataSource() {
        return (DataSource)
                Proxy.newProxyInstance(
                        DataSource.class.getClassLoader(),
                        new Class<?>[] {DataSource.class},
                        (proxy, method, arguments) ->
                                method.getName().equals("getConnection")
                                        ? watch(pool.getConnection())
                                        : null);
    }

    private Connection watch(Connection connection) {
        return (Connection)
                Proxy.newProxyInstance(
                        Connection.class.getClassLoader(),
                        new Class<?>[] {Connection.class},
                        (proxy, method, arguments) -> {
                            switch (method.getName()) {
                                case "prepareStatement" -> statements.add((String) arguments[0]);
                                case "createStatement" -> statements.add("plain");
                                case "commit" -> {
                                    commit.on(connection.unwrap(PgConnection.class));
                                    return null;
                                }
                                default -> {}
                            }
                            try {
                                return method.invoke(connection, arguments);
                            } catch (InvocationTargetException failure) {
                                throw failure.getCause();
                            }
                        });
    }
}
