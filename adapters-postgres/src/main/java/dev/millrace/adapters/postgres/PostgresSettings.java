package dev.millrace.adapters.postgres;

import dev.millrace.domain.InvalidValue;

import java.time.Duration;
import java.util.Objects;

/**
 * How to reach the database and how long to wait for what. Each wait is shorter than the one around
 * it, so that the one which knows most about the trouble reports it.
 *
 * @param url of JDBC, {@code jdbc:postgresql://…}; what it sets itself goes before the settings
 *     here
 * @param maxPoolSize connections at most: the lanes and a few for readers
 * @param connectionTimeout how long to wait for a connection
 * @param lockTimeout how long a statement waits for a row
 * @param statementTimeout how long a statement may take; not the commit, whose outcome must not be
 *     cut off
 * @param socketTimeout how long to wait for any answer before the connection is given up
 * @param idleInTransactionTimeout after which the database ends a transaction whose process sits on
 *     it
 * @param transactionTimeout after which the database ends any transaction
 * @param maxLifetime after which a connection is replaced, so that a moved database is found again
 */
public record PostgresSettings(
        String url,
        String user,
        String password,
        int maxPoolSize,
        Duration connectionTimeout,
        Duration lockTimeout,
        Duration statementTimeout,
        Duration socketTimeout,
        Duration idleInTransactionTimeout,
        Duration transactionTimeout,
        Duration maxLifetime) {

    public PostgresSettings {
        Objects.requireNonNull(user);
        Objects.requireNonNull(password);
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new InvalidValue("postgres.url", "must start with jdbc:postgresql:");
        }
        if (maxPoolSize < 1) {
            throw new InvalidValue("postgres.maxPoolSize", "must be at least 1");
        }
        requirePositive("postgres.connectionTimeout", connectionTimeout);
        requirePositive("postgres.lockTimeout", lockTimeout);
        requireLonger("postgres.statementTimeout", statementTimeout, "lockTimeout", lockTimeout);
        requireLonger(
                "postgres.socketTimeout", socketTimeout, "statementTimeout", statementTimeout);
        requireLonger(
                "postgres.idleInTransactionTimeout",
                idleInTransactionTimeout,
                "statementTimeout",
                statementTimeout);
        requireLonger(
                "postgres.transactionTimeout",
                transactionTimeout,
                "idleInTransactionTimeout",
                idleInTransactionTimeout);
        requireLonger(
                "postgres.maxLifetime", maxLifetime, "transactionTimeout", transactionTimeout);
    }

    /** The settings that are right unless there is a reason. */
    public static PostgresSettings of(String url, String user, String password, int maxPoolSize) {
        return new PostgresSettings(
                url,
                user,
                password,
                maxPoolSize,
                Duration.ofSeconds(2),
                Duration.ofSeconds(3),
                Duration.ofSeconds(10),
                Duration.ofSeconds(20),
                Duration.ofSeconds(15),
                Duration.ofSeconds(30),
                Duration.ofMinutes(15));
    }

    private static void requirePositive(String field, Duration duration) {
        if (duration.toMillis() < 1) {
            throw new InvalidValue(field, "must be at least a millisecond");
        }
    }

    private static void requireLonger(
            String field, Duration longer, String than, Duration shorter) {
        if (longer.compareTo(shorter) <= 0) {
            throw new InvalidValue(field, "must be longer than " + than);
        }
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "PostgresSettings[" + user + " at " + url + ", " + maxPoolSize + " connections]";
    }
}
