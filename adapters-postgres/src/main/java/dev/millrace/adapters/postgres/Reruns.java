package dev.millrace.adapters.postgres;

import dev.millrace.domain.Backoff;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.ports.Unavailable;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Runs a READ COMMITTED transaction, again a few times while it collides with others, and says what
 * its failure means. Thread-safe.
 *
 * @param subscription whose number the work is given
 * @param what is done, for a person
 * @param commits whether a result is to be committed
 * @param refused the result when the database refuses what was written
 * @param overrun the result when it took the database too long
 */
record Reruns<R>(
        PostgresDatabase database,
        SubscriptionId subscription,
        String what,
        Predicate<R> commits,
        Function<Throwable, R> refused,
        Function<Throwable, R> overrun) {

    private static final int MAX_RUNS = 5;
    private static final Backoff BETWEEN_RUNS =
            new Backoff(Duration.ofMillis(20), Duration.ofMillis(500));

    /** What is done inside the transaction, which somebody else commits. */
    @FunctionalInterface
    interface Work<R> {
        R in(Connection connection, int subscription) throws SQLException;
    }

    /** One run of a transaction, from its first statement to its end. */
    @FunctionalInterface
    interface Once<R> {
        R run() throws SQLException;
    }

    /**
     * @throws Unavailable when the database is away, or the outcome of the commit is unknown
     */
    R run(Work<R> work) {
        return repeat(what, () -> runOnce(work), refused::apply, overrun::apply);
    }

    /**
     * Runs a transaction until it comes to something.
     *
     * @param what is done, for a person
     * @param refused what comes of it when the database refuses what was written
     * @param overrun what comes of it when it took the database too long
     * @throws Unavailable when the database is away, or the outcome of the commit is unknown
     */
    static <R> R repeat(
            String what,
            Once<R> once,
            Function<SQLException, R> refused,
            Function<SQLException, R> overrun) {
        for (int run = 1; ; run++) {
            try {
                return once.run();
            } catch (SQLException failure) {
                switch (SqlFailure.of(failure)) {
                    case COLLISION -> {
                        if (run == MAX_RUNS) {
                            throw SqlFailure.unavailable(
                                    what + " collided " + run + " times", failure);
                        }
                        pause(what, run);
                    }
                    case INTERNAL -> {
                        if (run > 1) {
                            return refused.apply(failure);
                        }
                    }
                    case EVENT -> {
                        return refused.apply(failure);
                    }
                    case OVERRUN -> {
                        return overrun.apply(failure);
                    }
                    case OUTAGE ->
                            throw SqlFailure.unavailable(what + " could not be applied", failure);
                    case MISFIT -> {
                        SqlFailure.alarm(failure);
                        throw SqlFailure.unavailable(what + " could not be applied", failure);
                    }
                    case BUG ->
                            throw new IllegalStateException(
                                    "a failed statement was passed over",
                                    SqlFailure.firstOf(failure));
                }
            }
        }
    }

    private R runOnce(Work<R> work) throws SQLException {
        int id = database.subscriptionId(subscription);
        try (Connection connection = database.connect();
                Transaction transaction = Transaction.begin(connection)) {
            R result = work.in(connection, id);
            if (commits.test(result)) {
                transaction.commit();
            }
            return result;
        }
    }

    private static void pause(String what, int run) {
        try {
            Thread.sleep(BETWEEN_RUNS.delay(run, spread()));
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new Unavailable(
                    "PostgreSQL: interrupted between two runs of " + what, interruption);
        }
    }

    /** From 0 to below 1: chance is not needed where those who collide are different threads. */
    private static double spread() {
        return ((Thread.currentThread().threadId() * 0x9E3779B97F4A7C15L) >>> 11) * 0x1.0p-53;
    }
}
