package dev.millrace.adapters.postgres;

import dev.millrace.domain.Delivery;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Outcome;
import dev.millrace.domain.Position;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.SubscriptionType;
import dev.millrace.domain.operations.ReplayFinding;
import dev.millrace.ports.driven.Deciding;
import dev.millrace.ports.driven.Inbox;
import dev.millrace.ports.driven.Settlement;
import dev.millrace.ports.operations.driven.Gaps;
import dev.millrace.ports.operations.driven.Replays;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The inbox of replays. Whether a later event of a key has a record takes a walk through the
 * records, which are not indexed by key; nobody's key is held for so long. So a batch is three
 * transactions. The first marks its keys as watched, under their locks. The second looks for later
 * records. The third holds the keys again, and goes on with those whose mark still stands: whoever
 * gave a fresh event of a key a record meanwhile has cleared it. Thread-safe.
 */
public final class PostgresGaps<E, S, F> implements Gaps<E, S, F> {

    private final PostgresDatabase database;
    private final SubscriptionId subscription;
    private final SubscriptionType type;
    private final StateStore<E, S, F> states;
    private final Reruns<Settlement> reruns;

    /**
     * @param type of the subscription: where it keeps no order, nothing is ever out of it
     */
    public PostgresGaps(
            PostgresDatabase database,
            SubscriptionId subscription,
            SubscriptionType type,
            StateStore<E, S, F> states) {
        this.database = Objects.requireNonNull(database);
        this.subscription = Objects.requireNonNull(subscription);
        this.type = Objects.requireNonNull(type);
        this.states = Objects.requireNonNull(states);
        this.reruns =
                new Reruns<>(
                        database,
                        subscription,
                        "a batch of gaps",
                        Settlement.Committed.class::isInstance,
                        Settlement.Refused::new,
                        Settlement.Overrun::new);
    }

    @Override
    public Inbox<E, S, F> inbox(Replays.Lease lease) {
        return (batch, deciding) -> apply(lease, batch, deciding);
    }

    private Settlement apply(
            Replays.Lease lease, List<Delivery<E>> batch, Deciding<E, S, F> deciding) {
        boolean ordered = type.keepsOrder() && !lease.replay().plan().outOfOrder();
        List<Delivery.Decoded<E>> overtaken = ordered ? overtaken(batch) : List.of();
        return reruns.run((connection, id) ->
                fill(connection, id, lease, batch, ordered, overtaken, deciding));
    }

    /** Which events have a later one of their key recorded; from now on, their keys are watched. */
    private List<Delivery.Decoded<E>> overtaken(List<Delivery<E>> batch) {
        List<Delivery.Decoded<E>> events = events(batch);
        if (events.isEmpty()) {
            return List.of();
        }
        SortedSet<Key> keys = keys(events);
        boolean _ =
                new Acts(database, "the watch over keys")
                        .run(connection -> {
                            InboxTables tables =
                                    new InboxTables(
                                            connection, database.subscriptionId(subscription));
                            tables.introduce(keys);
                            tables.watch(keys);
                            return true;
                        });
        Map<Key, Position> latest =
                database.read(
                        "the latest records of keys",
                        connection ->
                                new InboxTables(connection, database.subscriptionId(subscription))
                                        .latest(events.getFirst().position().partition(), keys));
        return events.stream()
                .filter(event ->
                        event.position()
                                .isBefore(latest.getOrDefault(event.key(), event.position())))
                .toList();
    }

    private Settlement fill(
            Connection connection,
            int id,
            Replays.Lease lease,
            List<Delivery<E>> batch,
            boolean ordered,
            List<Delivery.Decoded<E>> overtaken,
            Deciding<E, S, F> deciding)
            throws SQLException {
        ReplayTables jobs =
                new ReplayTables(connection, subscription.tenant(), subscription.namespace());
        InboxTables tables = new InboxTables(connection, id);
        List<Delivery<E>> admitted = List.of();
        if (jobs.hold(lease)) {
            admitted = ordered ? inOrder(tables, batch, overtaken) : batch;
        }
        BatchRun<E, S, F> run =
                new BatchRun<>(connection, tables, new ParkedTables(connection, id), type, states);
        Settlement settlement = run.settle(admitted, deciding);
        return settlement instanceof Settlement.Committed(List<Outcome> outcomes)
                ? keep(jobs, lease, batch, admitted, outcomes)
                : settlement;
    }

    /** What can take effect in its place, or has none. */
    private List<Delivery<E>> inOrder(
            InboxTables tables, List<Delivery<E>> batch, List<Delivery.Decoded<E>> overtaken)
            throws SQLException {
        List<Delivery.Decoded<E>> events = events(batch);
        if (events.isEmpty()) {
            return batch;
        }
        Map<Key, InboxTables.KeyRow> held = tables.lock(keys(events));
        Set<MessageId> recorded =
                tables.standing(
                                new TreeSet<>(
                                        events.stream().map(Delivery.Decoded::messageId).toList()))
                        .keySet();
        Set<Position> late = new HashSet<>();
        for (Delivery.Decoded<E> event : events) {
            InboxTables.KeyRow row = held.get(event.key());
            boolean inPlace = row != null && row.isWatched() && !overtaken.contains(event);
            if (!inPlace && !recorded.contains(event.messageId())) {
                late.add(event.position());
            }
        }
        return batch.stream().filter(delivery -> !late.contains(delivery.position())).toList();
    }

    /** Keeps what has come of the copies; of the others nothing has. */
    private Settlement keep(
            ReplayTables jobs,
            Replays.Lease lease,
            List<Delivery<E>> batch,
            List<Delivery<E>> admitted,
            List<Outcome> outcomes)
            throws SQLException {
        Map<Position, Outcome> reached = new HashMap<>();
        List<ReplayFinding> filled = new ArrayList<>();
        for (int i = 0; i < admitted.size(); i++) {
            Delivery<E> delivery = admitted.get(i);
            Outcome outcome = outcomes.get(i);
            reached.put(delivery.position(), outcome);
            words(outcome).ifPresent(words -> filled.add(ReplayFinding.filled(delivery, words)));
        }
        jobs.keep(lease.replay().id(), filled);
        return new Settlement.Committed(
                batch.stream()
                        .map(delivery ->
                                reached.getOrDefault(
                                        delivery.position(), new Outcome.Redelivered()))
                        .toList());
    }

    private static Optional<String> words(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Applied _ -> Optional.of("applied");
            case Outcome.Rejected(var reason) -> Optional.of("rejected: " + reason);
            case Outcome.Duplicate(Position first) -> Optional.of("a duplicate of " + first);
            case Outcome.Conflict(Position first) ->
                    Optional.of("quarantined: another event stands at " + first);
            case Outcome.Parked _ -> Optional.of("parked");
            case Outcome.Quarantined(var reason) -> Optional.of("quarantined: " + reason);
            case Outcome.Redelivered _ -> Optional.empty();
        };
    }

    private static <E> List<Delivery.Decoded<E>> events(List<Delivery<E>> batch) {
        List<Delivery.Decoded<E>> events = new ArrayList<>(batch.size());
        for (Delivery<E> delivery : batch) {
            if (delivery instanceof Delivery.Decoded<E> event) {
                events.add(event);
            }
        }
        return events;
    }

    private static <E> SortedSet<Key> keys(List<Delivery.Decoded<E>> events) {
        SortedSet<Key> keys = new TreeSet<>();
        events.forEach(event -> keys.add(event.key()));
        return keys;
    }
}
