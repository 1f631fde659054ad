package dev.millrace.adapters.postgres;

import java.sql.Connection;
import java.util.Objects;

/**
 * Does what a person wants, as one transaction, again a few times while it collides with others.
 * Thread-safe.
 *
 * @param what is done, for a person
 */
record Acts(PostgresDatabase database, String what) {

    Acts {
        Objects.requireNonNull(database);
        Objects.requireNonNull(what);
    }

    /**
     * Does it.
     *
     * @throws dev.millrace.ports.Unavailable when the database is away, or nobody knows whether it
     *     is committed
     */
    <R> R run(PostgresDatabase.Reading<R> work) {
        return Reruns.repeat(
                what,
                () -> {
                    try (Connection connection = database.connect();
                            Transaction transaction = Transaction.begin(connection)) {
                        R result = work.from(connection);
                        transaction.commit();
                        return result;
                    }
                },
                refused -> {
                    throw new IllegalStateException(what + " was refused", refused);
                },
                overrun -> {
                    throw SqlFailure.unavailable(what + " took too long", overrun);
                });
    }
}
