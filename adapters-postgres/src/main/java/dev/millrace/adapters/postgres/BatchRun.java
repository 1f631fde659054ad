package dev.millrace.adapters.postgres;

import dev.millrace.adapters.postgres.InboxTables.Evidence;
import dev.millrace.adapters.postgres.InboxTables.Horizon;
import dev.millrace.adapters.postgres.InboxTables.KeyRow;
import dev.millrace.adapters.postgres.InboxTables.Restatement;
import dev.millrace.adapters.postgres.InboxTables.Standing;
import dev.millrace.adapters.postgres.ParkedTables.Attempt;
import dev.millrace.adapters.postgres.ParkedTables.Parking;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.Fate;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Outcome;
import dev.millrace.domain.Position;
import dev.millrace.domain.Reason;
import dev.millrace.domain.Setback;
import dev.millrace.domain.SubscriptionType;
import dev.millrace.domain.Verdict;
import dev.millrace.ports.driven.Deciding;
import dev.millrace.ports.driven.Settlement;

import org.jspecify.annotations.Nullable;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.time.Duration;
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
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * One run of one batch inside one transaction, which somebody else commits. Used once, by one
 * thread.
 */
final class BatchRun<E, S, F> {

    private final Connection connection;
    private final InboxTables tables;
    private final ParkedTables parked;
    private final SubscriptionType type;
    private final StateStore<E, S, F> states;

    private final Map<Position, Outcome> outcomes = new HashMap<>();
    private final List<Evidence> evidence = new ArrayList<>();
    private final List<Delivery.Decoded<E>> further = new ArrayList<>();

    BatchRun(
            Connection connection,
            InboxTables tables,
            ParkedTables parked,
            SubscriptionType type,
            StateStore<E, S, F> states) {
        this.connection = connection;
        this.tables = tables;
        this.parked = parked;
        this.type = type;
        this.states = states;
    }

    /**
     * Writes what the batch comes to; {@link Settlement.Committed} is true once the transaction is.
     */
    Settlement settle(List<Delivery<E>> batch, Deciding<E, S, F> deciding) throws SQLException {
        SortedMap<MessageId, List<Delivery.Decoded<E>>> copies = byMessageId(unaccounted(batch));
        Map<Key, KeyRow> keys = copies.isEmpty() ? Map.of() : lockKeys(copies.values());
        Set<MessageId> fresh = copies.isEmpty() ? Set.of() : tables.record(firsts(copies.values()));
        Map<MessageId, Standing> standing = standing(copies.keySet(), fresh);
        if (!fresh.isEmpty()) {
            SortedMap<MessageId, List<Delivery.Decoded<E>>> open = new TreeMap<>(copies);
            open.keySet().retainAll(fresh);
            Horizon horizon = tables.horizon();
            List<Delivery.Decoded<E>> stands = standUp(open, horizon);
            stands.forEach(copy ->
                    standing.put(copy.messageId(), new Standing(copy.position(), copy.digest())));
            tellWatch(stands, which(keys, KeyRow::isWatched));
            bringOut(
                    inOrderOf(batch, stands),
                    which(keys, KeyRow::isBlocked),
                    deciding,
                    horizon.now());
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

    /**
     * Locks the keys of all copies, before any record: whoever is to change a record that is there,
     * as the releaser is, holds the key first.
     */
    private Map<Key, KeyRow> lockKeys(Collection<List<Delivery.Decoded<E>>> copies)
            throws SQLException {
        if (!type.keepsOrder()) {
            return Map.of();
        }
        SortedSet<Key> keys = new TreeSet<>();
        copies.forEach(list -> list.forEach(copy -> keys.add(copy.key())));
        Map<Key, KeyRow> locked = tables.lock(keys);
        SortedSet<Key> missing = new TreeSet<>(keys);
        missing.removeAll(locked.keySet());
        if (!missing.isEmpty()) {
            tables.introduce(missing);
            Map<Key, KeyRow> introduced = tables.lock(missing);
            if (!introduced.keySet().equals(missing)) {
                throw new IllegalStateException("key rows are never deleted, yet one is missing");
            }
            locked.putAll(introduced);
        }
        return locked;
    }

    private static Set<Key> which(Map<Key, KeyRow> rows, Predicate<KeyRow> wanted) {
        Set<Key> keys = new HashSet<>();
        rows.forEach((key, row) -> {
            if (wanted.test(row)) {
                keys.add(key);
            }
        });
        return keys;
    }

    /** A replay that looks at a key learns that it has a fresh event. */
    private void tellWatch(List<Delivery.Decoded<E>> fresh, Set<Key> watched) throws SQLException {
        SortedSet<Key> told = new TreeSet<>();
        fresh.forEach(event -> told.add(event.key()));
        told.retainAll(watched);
        if (!told.isEmpty()) {
            tables.unwatch(told);
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

    /** Has the events of free keys decided, and parks the others and what failed. */
    private void bringOut(
            List<Delivery.Decoded<E>> events,
            Set<Key> blocked,
            Deciding<E, S, F> deciding,
            Instant appliedAt)
            throws SQLException {
        List<Delivery.Decoded<E>> free =
                events.stream().filter(event -> !blocked.contains(event.key())).toList();
        Set<Key> keys = new TreeSet<>();
        free.forEach(event -> keys.add(event.key()));
        Map<Key, S> known = keys.isEmpty() ? Map.of() : states.load(connection, List.copyOf(keys));
        Verdict<E, S, F> verdict = deciding.on(free, known);
        events.forEach(event -> outcomes.put(event.position(), new Outcome.Parked()));
        for (int i = 0; i < free.size(); i++) {
            outcomes.put(free.get(i).position(), verdict.outcomes().get(i));
        }
        if (!verdict.accepted().isEmpty()) {
            states.save(connection, verdict.states(), verdict.accepted(), appliedAt);
        }
        restate(events);
        park(
                events.stream()
                        .filter(event -> outcomes.get(event.position()) instanceof Outcome.Parked)
                        .toList(),
                verdict.setbacks());
    }

    /** The records say applied already. */
    private void restate(List<Delivery.Decoded<E>> events) throws SQLException {
        List<Restatement> restatements = new ArrayList<>();
        for (Delivery.Decoded<E> event : events) {
            switch (outcomes.get(event.position())) {
                case Outcome.Rejected(Reason reason) ->
                        restatements.add(
                                new Restatement(event.messageId(), "rejected", reason.value()));
                case Outcome.Parked _ ->
                        restatements.add(new Restatement(event.messageId(), "parked", ""));
                case null, default -> {}
            }
        }
        if (!restatements.isEmpty()) {
            tables.restate(restatements);
        }
    }

    private void park(List<Delivery.Decoded<E>> events, Map<MessageId, Setback> setbacks)
            throws SQLException {
        if (events.isEmpty()) {
            return;
        }
        List<Parking> parking = new ArrayList<>(events.size());
        List<Attempt> attempts = new ArrayList<>();
        SortedMap<Key, Integer> counts = new TreeMap<>();
        for (Delivery.Decoded<E> event : events) {
            Setback setback = setbacks.get(event.messageId());
            if (setback == null) {
                parking.add(Parking.behind(event));
            } else {
                parking.add(Parking.failed(event, setback.attempt(), delay(setback)));
                attempts.add(new Attempt(event.messageId(), setback, event.copy().traceId()));
            }
            counts.merge(event.key(), 1, Integer::sum);
        }
        parked.park(parking);
        if (type.keepsOrder()) {
            parked.block(counts);
        }
        if (!attempts.isEmpty()) {
            parked.note(attempts);
        }
    }

    private static Duration delay(Setback setback) {
        return switch (setback.fate()) {
            case Fate.Retry(Duration delay) -> delay;
            case Fate.Unchanged _, Fate.Quarantine _ ->
                    throw new IllegalStateException("after a first failure there is a retry");
        };
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
