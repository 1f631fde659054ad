package dev.millrace.adapters.postgres;

import dev.millrace.domain.AfterQuarantine;
import dev.millrace.domain.Key;
import dev.millrace.domain.ParkedEvent;
import dev.millrace.domain.ParkedLoad;
import dev.millrace.domain.QuarantineLoad;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.SubscriptionType;
import dev.millrace.domain.Verdict;
import dev.millrace.ports.driven.ParkedEvents;
import dev.millrace.ports.driven.Release;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * What the {@link PostgresInbox} of one subscription has parked. All transactions about a key lock
 * its row first, those of lanes and those of releasers, so that they follow each other.
 * Thread-safe.
 */
public final class PostgresParkedEvents<E, S, F> implements ParkedEvents<E, S, F> {

    private final PostgresDatabase database;
    private final SubscriptionId subscription;
    private final SubscriptionType type;
    private final StateStore<E, S, F> states;
    private final AfterQuarantine afterQuarantine;
    private final Reruns<Release> reruns;

    /**
     * @param type of the subscription: where it keeps no order, each event is locked by itself
     * @param afterQuarantine what becomes of a key whose head needs a person
     */
    public PostgresParkedEvents(
            PostgresDatabase database,
            SubscriptionId subscription,
            SubscriptionType type,
            StateStore<E, S, F> states,
            AfterQuarantine afterQuarantine) {
        this.database = Objects.requireNonNull(database);
        this.subscription = Objects.requireNonNull(subscription);
        this.type = Objects.requireNonNull(type);
        this.states = Objects.requireNonNull(states);
        this.afterQuarantine = Objects.requireNonNull(afterQuarantine);
        this.reruns =
                new Reruns<>(
                        database,
                        subscription,
                        "a release of parked events",
                        Release.Committed.class::isInstance,
                        Release.Refused::new,
                        Release.Overrun::new);
    }

    @Override
    public List<ParkedEvent> due(int limit) {
        return read("the parked events that are due", tables -> tables.due(limit));
    }

    @Override
    public List<ParkedEvent> queue(ParkedEvent head, int limit) {
        List<ParkedEvent> queue =
                read(
                        "a queue of parked events",
                        tables ->
                                type.keepsOrder()
                                        ? tables.queue(head.key(), limit)
                                        : tables.event(head.sequence()));
        return !queue.isEmpty() && queue.getFirst().sequence() == head.sequence()
                ? queue
                : List.of();
    }

    @Override
    public Release release(
            List<ParkedEvent> run,
            Patience patience,
            Function<Map<Key, S>, Verdict<E, S, F>> decide) {
        return reruns.run((connection, id) ->
                new ReleaseRun<>(
                                connection,
                                new InboxTables(connection, id),
                                new ParkedTables(connection, id),
                                type,
                                states,
                                afterQuarantine)
                        .release(run, patience, decide));
    }

    @Override
    public ParkedLoad load() {
        return read("how much is parked", ParkedTables::load);
    }

    @Override
    public QuarantineLoad quarantined() {
        return read("how much is in quarantine", ParkedTables::quarantined);
    }

    /** What is read in a statement of its own. */
    @FunctionalInterface
    private interface Reading<T> {
        T from(ParkedTables tables) throws SQLException;
    }

    private <T> T read(String what, Reading<T> reading) {
        return database.read(
                what,
                connection ->
                        reading.from(
                                new ParkedTables(
                                        connection, database.subscriptionId(subscription))));
    }
}
