package dev.millrace.adapters.postgres;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;

import java.sql.SQLException;
import java.time.Duration;

/** Connections with every wait bounded, on the server, in the driver and in the pool. */
final class ConnectionPool {

    private static final String READ_ONLY_SQL_TRANSACTION = "25006";

    private ConnectionPool() {}

    /**
     * A pool that connects when it is first asked, and goes on trying while the database is away.
     */
    static HikariDataSource open(PostgresSettings settings) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("millrace");
        config.setJdbcUrl(settings.url());
        config.setUsername(settings.user());
        config.setPassword(settings.password());
        config.setMaximumPoolSize(settings.maxPoolSize());
        config.setConnectionTimeout(settings.connectionTimeout().toMillis());
        config.setValidationTimeout(Math.max(250, settings.connectionTimeout().toMillis() / 2));
        config.setMaxLifetime(settings.maxLifetime().toMillis());
        config.setInitializationFailTimeout(-1);
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        config.setExceptionOverride(new LeaveReadOnlyServer());
        config.addDataSourceProperty("ApplicationName", "millrace");
        config.addDataSourceProperty("connectTimeout", seconds(settings.connectionTimeout()));
        config.addDataSourceProperty("socketTimeout", seconds(settings.socketTimeout()));
        config.addDataSourceProperty("tcpKeepAlive", "true");
        config.addDataSourceProperty("targetServerType", "primary");
        // The detail of a server's message quotes the values that it refuses; ours are payloads and
        // belong in no log.
        config.addDataSourceProperty("logServerErrorDetail", "false");
        config.addDataSourceProperty("options", serverOptions(settings));
        return new HikariDataSource(config);
    }

    private static String serverOptions(PostgresSettings settings) {
        return option("lock_timeout", settings.lockTimeout().toMillis())
                + option("statement_timeout", settings.statementTimeout().toMillis())
                + option(
                        "idle_in_transaction_session_timeout",
                        settings.idleInTransactionTimeout().toMillis())
                + option("transaction_timeout", settings.transactionTimeout().toMillis())
                // Notices within seconds that the process at the other end has died, and frees its
                // locks.
                + option("client_connection_check_interval", 5_000)
                // A plan that was made when the tables were empty reads them whole for as long as
                // the session keeps it.
                + option("plan_cache_mode", "force_custom_plan");
    }

    private static String option(String name, Object value) {
        return "-c " + name + "=" + value + " ";
    }

    /** Whole seconds, rounded up, as the driver takes them. */
    private static String seconds(Duration duration) {
        return Long.toString(duration.plusMillis(999).toSeconds());
    }

    /** Without it the pool would stick to a server that has been demoted to a replica. */
    private static final class LeaveReadOnlyServer implements SQLExceptionOverride {
        @java.lang.Override
        public Override adjudicate(SQLException failure) {
            return READ_ONLY_SQL_TRANSACTION.equals(failure.getSQLState())
                    ? Override.MUST_EVICT
                    : Override.CONTINUE_EVICT;
        }
    }
}
