package dev.millrace.adapters.postgres;

import dev.millrace.domain.Backoff;
import dev.millrace.domain.Decision;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.SubscriptionType;
import dev.millrace.ports.Stream;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.driven.Inbox;
import dev.millrace.ports.driven.Settlement;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.BiFunction;

/**
 * The inbox of one subscription: a batch is one READ COMMITTED transaction of at most {@value
 * #MAX_STATEMENTS} statements of the engine's, whatever the batch, and of what the state store
 * adds. Transactions that collide are run again a few times. Thread-safe.
 */
public final class PostgresInbox<E, S, F> implements Inbox<E, S, F> {

    /** The most statements of the engine's in one transaction, the commit not counted. */
    static final int MAX_STATEMENTS = 13;

    private static final int MAX_RUNS = 5;
    private static final Backoff BETWEEN_RUNS =
            new Backoff(Duration.ofMillis(20), Duration.ofMillis(500));

    private final PostgresDatabase database;
    private final SubscriptionId subscription;
    private final SubscriptionType type;
    private final Stream<E, S, F> stream;
    private final StateStore<E, S, F> states;

    /**
     * @param type of the subscription: where it keeps no order, there are no key rows
     */
    public PostgresInbox(
            PostgresDatabase database,
            SubscriptionId subscription,
            SubscriptionType type,
            Stream<E, S, F> stream,
            StateStore<E, S, F> states) {
        this.database = Objects.requireNonNull(database);
        this.subscription = Objects.requireNonNull(subscription);
        this.type = Objects.requireNonNull(type);
        this.stream = Objects.requireNonNull(stream);
        this.states = Objects.requireNonNull(states);
    }

    @Override
    public Settlement apply(List<Delivery<E>> batch, BiFunction<S, E, Decision<S, F>> decide) {
        for (int run = 1; ; run++) {
            try {
                return runOnce(batch, decide);
            } catch (SQLException failure) {
                switch (SqlFailure.of(failure)) {
                    case COLLISION -> {
                        if (run == MAX_RUNS) {
                            throw SqlFailure.unavailable(
                                    "a batch collided " + run + " times", failure);
                        }
                        pause(run);
                    }
                    case INTERNAL -> {
                        if (run > 1) {
                            return new Settlement.Refused(failure);
                        }
                    }
                    case EVENT -> {
                        return new Settlement.Refused(failure);
                    }
                    case OUTAGE ->
                            throw SqlFailure.unavailable("a batch could not be applied", failure);
                    case MISFIT -> {
                        SqlFailure.alarm(failure);
                        throw SqlFailure.unavailable("a batch could not be applied", failure);
                    }
                    case BUG ->
                            throw new IllegalStateException(
                                    "a failed statement was passed over",
                                    SqlFailure.firstOf(failure));
                }
            }
        }
    }

    private Settlement runOnce(List<Delivery<E>> batch, BiFunction<S, E, Decision<S, F>> decide)
            throws SQLException {
        int id = database.subscriptionId(subscription);
        try (Connection connection = database.connect()) {
            try (Transaction transaction = Transaction.begin(connection)) {
                Settlement settlement =
                        new BatchRun<>(
                                        connection,
                                        new InboxTables(connection, id),
                                        type,
                                        stream,
                                        states)
                                .settle(batch, decide);
                if (settlement instanceof Settlement.Committed) {
                    transaction.commit();
                }
                return settlement;
            }
        }
    }

    private static void pause(int run) {
        try {
            Thread.sleep(BETWEEN_RUNS.delay(run, spread()));
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new Unavailable(
                    "PostgreSQL: interrupted between two runs of a batch", interruption);
        }
    }

    /** From 0 to below 1: chance is not needed where those who collide are different threads. */
    private static double spread() {
        return ((Thread.currentThread().threadId() * 0x9E3779B97F4A7C15L) >>> 11) * 0x1.0p-53;
    }
}
