package dev.millrace.adapters.postgres;

import dev.millrace.ports.Unavailable;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;
import org.postgresql.ds.PGSimpleDataSource;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tables' version: raised on demand, and compared with what this binary needs. */
final class Schema {

    /** Everything below it: the engine's folder and one for each stream. */
    static final String MIGRATIONS = "classpath:db/migration";

    private static final int LOCK_RETRIES = 120;

    private final PostgresSettings settings;
    private final List<String> locations;

    /**
     * @param more locations, as Flyway spells them
     */
    Schema(PostgresSettings settings, List<String> more) {
        this.settings = settings;
        this.locations = Stream.concat(Stream.of(MIGRATIONS), more.stream()).toList();
    }

    /**
     * Applies what is pending. One process at a time does, the others wait for it and find nothing
     * left.
     */
    void migrate() {
        attempt("the migration failed", () -> flyway().migrate());
    }

    /**
     * @throws IllegalStateException when the tables are older than this binary needs
     */
    void require() {
        MigrationInfo[] pending =
                attempt("the schema's version could not be read", () -> flyway().info().pending());
        if (pending.length > 0) {
            throw new IllegalStateException(
                    Arrays.stream(pending)
                            .map(migration ->
                                    migration.getVersion()
                                            + " ("
                                            + migration.getDescription()
                                            + ")")
                            .collect(
                                    Collectors.joining(
                                            ", ",
                                            "the database's schema is older than this version"
                                                    + " needs; missing: ",
                                            ". Run `millrace migrate` against it")));
        }
    }

    /** Whoever waits for a database that is away asks again; Flyway itself does not. */
    private Flyway flyway() {
        FluentConfiguration configuration =
                Flyway.configure()
                        .dataSource(dataSource())
                        .locations(locations.toArray(String[]::new))
                        .failOnMissingLocations(true)
                        .validateMigrationNaming(true)
                        // Owners number their migrations each for themselves; see the README beside
                        // them.
                        .outOfOrder(true)
                        // A process of the version before must start on the newer schema.
                        .ignoreMigrationPatterns("*:future", "*:missing")
                        .connectRetries(0)
                        .lockRetryCount(LOCK_RETRIES);
        // With the transactional lock, CREATE INDEX CONCURRENTLY would wait for those who wait for
        // it.
        configuration
                .getConfigurationExtension(PostgreSQLConfigurationExtension.class)
                .setTransactionalLock(false);
        return configuration.load();
    }

    /**
     * Outside the pool: a migration may take longer than any statement of ours, but must not queue
     * for a lock for long.
     */
    private PGSimpleDataSource dataSource() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(settings.url());
        source.setUser(settings.user());
        source.setPassword(settings.password());
        source.setApplicationName("millrace migration");
        source.setTcpKeepAlive(true);
        source.setConnectTimeout((int) settings.connectionTimeout().plusMillis(999).toSeconds());
        source.setOptions("-c lock_timeout=" + settings.lockTimeout().toMillis());
        return source;
    }

    private static <T> T attempt(String what, Supplier<T> action) {
        try {
            return action.get();
        } catch (FlywayException failure) {
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                if (cause instanceof SQLException sql && SqlFailure.of(sql) != SqlFailure.MISFIT) {
                    throw new Unavailable("PostgreSQL: " + what, failure);
                }
            }
            throw new IllegalStateException("PostgreSQL: " + what, failure);
        }
    }
}
