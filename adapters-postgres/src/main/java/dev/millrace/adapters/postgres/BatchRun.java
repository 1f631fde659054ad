package dev.millrace.adapters.postgres;

import dev.millrace.adapters.postgres.InboxTables.Evidence;
import dev.millrace.adapters.postgres.InboxTables.Horizon;
import dev.millrace.adapters.postgres.InboxTables.Rejection;
import dev.millrace.adapters.postgres.InboxTables.Standing;
import dev.millrace.domain.Decision;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Outcome;
import dev.millrace.domain.Position;
import dev.millrace.domain.Reason;
import dev.millrace.domain.SubscriptionType;
import dev.millrace.domain.Verdict;
import dev.millrace.ports.Stream;
import dev.millrace.ports.driven.Settlement;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;

/**
 * One run of one batch inside one transaction, which somebody else commits. Used once, by one
 * thread.
 */
final class BatchRun<E, S, F> {

    private final Connection connection;
    private final InboxTables tables;
    private final SubscriptionType type;
    private final Stream<E, S, F> stream;
    private final StateStore<E, S, F> states;

    private final Map<Position, Outcome> outcomes = new HashMap<>();
    private final List<Evidence> evidence = new ArrayList<>();
    private final List<Delivery.Decoded<E>> further = new ArrayList<>();
    private final List<Rejection> rejections = new ArrayList<>();

    BatchRun(
            Connection connection,
            InboxTables tables,
            SubscriptionType type,
            Stream<E, S, F> stream,
            StateStore<E, S, F> states) {
        this.connection = connection;
        this.tables = tables;
        this.type = type;
        this.stream = stream;
        this.states = states;
    }

    /**
     * Writes what the batch comes to; {@link Settlement.Committed} is true once the transaction is.
     */
    Settlement settle(List<Delivery<E>> batch, BiFunction<S, E, Decision<S, F>> decide)
            throws SQLException {
        SortedMap<MessageId, List<Delivery.Decoded<E>>> copies = byMessageId(unaccounted(batch));
        Set<MessageId> fresh = copies.isEmpty() ? Set.of() : tables.record(firsts(copies.values()));
        Map<MessageId, Standing> standing = standing(copies.keySet(), fresh);
        if (!fresh.isEmpty()) {
            SortedMap<MessageId, List<Delivery.Decoded<E>>> open = new TreeMap<>(copies);
            open.keySet().retainAll(fresh);
            lockKeys(open.values());
            Horizon horizon = tables.horizon();
            List<Delivery.Decoded<E>> stands = standUp(open, horizon);
            stands.forEach(copy ->
                    standing.put(copy.messageId(), new Standing(copy.position(), copy.digest())));
            Verdict<E, S, F> verdict = decide(inOrderOf(batch, stands), decide);
            switch (verdict) {
                case Verdict.Broke<E, S, F> broke -> {
                    return new Settlement.Faulted(
                            broke.culprit().messageId(), broke.culprit().position(), broke.cause());
                }
                case Verdict.Decided<E, S, F> decided -> save(decided, horizon.now());
            }
        }
        copies.forEach((messageId, list) -> compare(list, standing.get(messageId)));
        countFurther();
        keepEvidence();
        if (fresh.isEmpty()) {
            tables.touch();
        }
        return new Settlement.Committed(inOrder(batch));
    }

    /**
     * The copies whose positions are not in quarantine, each once; of the others there is nothing
     * more to say.
     */
    private Collection<Delivery<E>> unaccounted(List<Delivery<E>> batch) throws SQLException {
        Map<Position, Delivery<E>> copies = new LinkedHashMap<>();
        batch.forEach(delivery -> copies.putIfAbsent(delivery.position(), delivery));
        if (!copies.isEmpty()) {
            for (Position known : tables.quarantined(copies.keySet())) {
                copies.remove(known);
                outcomes.put(known, new Outcome.Redelivered());
            }
        }
        return copies.values();
    }

    /** The readable copies, sorted; what is undecodable becomes evidence. */
    private SortedMap<MessageId, List<Delivery.Decoded<E>>> byMessageId(
            Collection<Delivery<E>> copies) {
        SortedMap<MessageId, List<Delivery.Decoded<E>>> sorted = new TreeMap<>();
        for (Delivery<E> delivery : copies) {
            switch (delivery) {
                case Delivery.Decoded<E> readable ->
                        sorted.computeIfAbsent(readable.messageId(), id -> new ArrayList<>(1))
                                .add(readable);
                case Delivery.Undecodable<E> undecodable -> setAside(undecodable);
            }
        }
        return sorted;
    }

    /** The records of the messages that are not fresh. */
    private Map<MessageId, Standing> standing(Set<MessageId> all, Set<MessageId> fresh)
            throws SQLException {
        if (fresh.size() == all.size()) {
            return new HashMap<>();
        }
        List<MessageId> known =
                all.stream().filter(messageId -> !fresh.contains(messageId)).toList();
        Map<MessageId, Standing> standing = tables.standing(known);
        if (standing.size() < known.size()) {
            throw new SQLTransactionRollbackException(
                    "a purge took a record between two statements", "40001");
        }
        return standing;
    }

    private void lockKeys(Collection<List<Delivery.Decoded<E>>> open) throws SQLException {
        if (!type.keepsOrder()) {
            return;
        }
        Set<Key> keys = new TreeSet<>();
        open.forEach(list -> list.forEach(copy -> keys.add(copy.key())));
        Set<Key> missing = new TreeSet<>(keys);
        missing.removeAll(tables.lock(keys));
        if (!missing.isEmpty()) {
            tables.introduce(missing);
            if (!tables.lock(missing).equals(missing)) {
                throw new IllegalStateException("key rows are never deleted, yet one is missing");
            }
        }
    }

    /**
     * Finds the copy that stands for each fresh message: the first that is not behind the horizon.
     * The record is there already, for the first copy of all; where that one is behind, it is taken
     * back and perhaps made anew.
     */
    private List<Delivery.Decoded<E>> standUp(
            SortedMap<MessageId, List<Delivery.Decoded<E>>> open, Horizon horizon)
            throws SQLException {
        List<Delivery.Decoded<E>> stands = new ArrayList<>(open.size());
        List<Delivery.Decoded<E>> anew = new ArrayList<>();
        List<MessageId> mistaken = new ArrayList<>();
        for (Map.Entry<MessageId, List<Delivery.Decoded<E>>> message : open.entrySet()) {
            List<Delivery.Decoded<E>> behind =
                    message.getValue().stream().takeWhile(horizon::isBehind).toList();
            Optional<Delivery.Decoded<E>> first =
                    message.getValue().stream().skip(behind.size()).findFirst();
            first.ifPresent(stands::add);
            if (!behind.isEmpty()) {
                behind.forEach(copy ->
                        setAside(
                                copy,
                                Reason.BEYOND_HORIZON,
                                "",
                                new Outcome.Quarantined(Reason.BEYOND_HORIZON)));
                mistaken.add(message.getKey());
                first.ifPresent(anew::add);
            }
        }
        if (!mistaken.isEmpty()) {
            tables.takeBack(mistaken);
        }
        if (!anew.isEmpty() && tables.record(anew).size() < anew.size()) {
            throw new IllegalStateException(
                    "a record that this transaction took back was made by another");
        }
        return stands;
    }

    /** The copies to decide, in the order of their arrival. */
    private List<Delivery.Decoded<E>> inOrderOf(
            List<Delivery<E>> batch, List<Delivery.Decoded<E>> stands) {
        Set<Position> chosen = HashSet.newHashSet(stands.size());
        stands.forEach(copy -> chosen.add(copy.position()));
        List<Delivery.Decoded<E>> events = new ArrayList<>(stands.size());
        for (Delivery<E> delivery : batch) {
            if (delivery instanceof Delivery.Decoded<E> decoded
                    && chosen.remove(decoded.position())) {
                events.add(decoded);
            }
        }
        return events;
    }

    private Verdict<E, S, F> decide(
            List<Delivery.Decoded<E>> events, BiFunction<S, E, Decision<S, F>> decide)
            throws SQLException {
        Set<Key> keys = new TreeSet<>();
        events.forEach(event -> keys.add(event.key()));
        Map<Key, S> known = keys.isEmpty() ? Map.of() : states.load(connection, List.copyOf(keys));
        Verdict<E, S, F> verdict = Verdict.on(events, known, stream.initial(), decide);
        if (verdict instanceof Verdict.Decided<E, S, F> decided) {
            for (int i = 0; i < events.size(); i++) {
                outcomes.put(events.get(i).position(), decided.outcomes().get(i));
                if (decided.outcomes().get(i) instanceof Outcome.Rejected rejected) {
                    rejections.add(new Rejection(events.get(i).messageId(), rejected.reason()));
                }
            }
        }
        return verdict;
    }

    private void save(Verdict.Decided<E, S, F> decided, Instant appliedAt) throws SQLException {
        if (!decided.accepted().isEmpty()) {
            states.save(connection, decided.states(), decided.accepted(), appliedAt);
        }
        if (!rejections.isEmpty()) {
            tables.reject(rejections);
        }
    }

    /** Tells redelivered copies, duplicates and conflicts apart by the record that stands. */
    private void compare(List<Delivery.Decoded<E>> copies, @Nullable Standing standing) {
        for (Delivery.Decoded<E> copy : copies) {
            if (standing == null || outcomes.containsKey(copy.position())) {
                continue;
            }
            if (copy.position().equals(standing.position())) {
                outcomes.put(copy.position(), new Outcome.Redelivered());
            } else if (copy.digest().equals(standing.digest())) {
                outcomes.put(copy.position(), new Outcome.Duplicate(standing.position()));
                further.add(copy);
            } else {
                setAside(
                        copy,
                        Reason.CONFLICT,
                        "another event stands at " + standing.position(),
                        new Outcome.Conflict(standing.position()));
            }
        }
    }

    private void setAside(Delivery.Undecodable<E> copy) {
        evidence.add(
                new Evidence(
                        Reason.UNDECODABLE,
                        copy.cause(),
                        copy.messageId(),
                        copy.key(),
                        Optional.empty(),
                        copy.copy()));
        outcomes.put(copy.position(), new Outcome.Quarantined(Reason.UNDECODABLE));
    }

    private void setAside(Delivery.Decoded<E> copy, Reason reason, String detail, Outcome outcome) {
        evidence.add(
                new Evidence(
                        reason,
                        detail,
                        copy.messageId().value(),
                        copy.key().value(),
                        Optional.of(copy.digest()),
                        copy.copy()));
        outcomes.put(copy.position(), outcome);
    }

    private void countFurther() throws SQLException {
        if (!further.isEmpty()) {
            Set<Position> counted = tables.count(further);
            further.forEach(copy -> recall(copy.position(), counted));
        }
    }

    private void keepEvidence() throws SQLException {
        if (!evidence.isEmpty()) {
            Set<Position> kept = tables.quarantine(evidence);
            evidence.forEach(item -> recall(item.copy().position(), kept));
        }
    }

    /** A position that a statement left out had been accounted for before. */
    private void recall(Position position, Set<Position> written) {
        if (!written.contains(position)) {
            outcomes.put(position, new Outcome.Redelivered());
        }
    }

    /**
     * One outcome for each delivery: the first at a position has the copy's, all others are
     * redelivered.
     */
    private List<Outcome> inOrder(List<Delivery<E>> batch) {
        List<Outcome> inOrder = new ArrayList<>(batch.size());
        Set<Position> told = HashSet.newHashSet(batch.size());
        for (Delivery<E> delivery : batch) {
            Outcome outcome = outcomes.get(delivery.position());
            if (outcome == null) {
                throw new IllegalStateException(
                        "no outcome for the copy at " + delivery.position());
            }
            inOrder.add(told.add(delivery.position()) ? outcome : new Outcome.Redelivered());
        }
        return inOrder;
    }

    private static <E> List<Delivery.Decoded<E>> firsts(
            Collection<List<Delivery.Decoded<E>>> copies) {
        return copies.stream().map(List::getFirst).toList();
    }
}
