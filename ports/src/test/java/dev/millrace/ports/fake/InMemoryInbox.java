package dev.millrace.ports.fake;

import dev.millrace.domain.Accepted;
import dev.millrace.domain.Decision;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Outcome;
import dev.millrace.domain.Position;
import dev.millrace.domain.Reason;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Verdict;
import dev.millrace.ports.Stream;
import dev.millrace.ports.contract.QuarantinedCopy;
import dev.millrace.ports.driven.Inbox;
import dev.millrace.ports.driven.Settlement;
import dev.millrace.ports.fake.InMemoryDatabase.IdempotencyRecord;
import dev.millrace.ports.fake.InMemoryDatabase.Records;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/** An inbox over an {@link InMemoryDatabase} and a map of states. Thread-safe. */
public final class InMemoryInbox<E, S, F> implements Inbox<E, S, F> {

    private final InMemoryDatabase database;
    private final SubscriptionId subscription;
    private final Stream<E, S, F> stream;
    private final Predicate<S> constraint;
    private final InstantSource clock;
    private final Map<Key, S> states = new HashMap<>();
    private final Map<Key, List<Booked<E, F>>> effects = new HashMap<>();

    /**
     * An effect with the time of its commit.
     *
     * @param accepted the event and its effect
     */
    public record Booked<E, F>(Accepted<E, F> accepted, Instant appliedAt) {

        public Booked {
            Objects.requireNonNull(accepted);
            Objects.requireNonNull(appliedAt);
        }
    }

    /**
     * @param constraint which states the store takes; with another one it refuses the batch
     */
    public InMemoryInbox(
            InMemoryDatabase database,
            SubscriptionId subscription,
            Stream<E, S, F> stream,
            Predicate<S> constraint,
            InstantSource clock) {
        this.database = Objects.requireNonNull(database);
        this.subscription = Objects.requireNonNull(subscription);
        this.stream = Objects.requireNonNull(stream);
        this.constraint = Objects.requireNonNull(constraint);
        this.clock = Objects.requireNonNull(clock);
    }

    @Override
    public Settlement apply(List<Delivery<E>> batch, BiFunction<S, E, Decision<S, F>> decide) {
        synchronized (database) {
            database.requireAvailable();
            Transaction transaction = new Transaction();
            batch.forEach(transaction::add);
            return transaction.settle(decide);
        }
    }

    /**
     * The committed state of a key, or its initial one; answered even when the database is
     * unavailable.
     */
    public S state(Key key) {
        synchronized (database) {
            S state = states.get(key);
            return state == null ? stream.initial().apply(key) : state;
        }
    }

    /** The committed effects of a key, in order; answered even when the database is unavailable. */
    public List<Booked<E, F>> effects(Key key) {
        synchronized (database) {
            return List.copyOf(effects.getOrDefault(key, List.of()));
        }
    }

    /** What one call is about to commit; dropped when it does not come to that. */
    private final class Transaction {
        private final Records committed = database.recordsOf(subscription);
        private final List<Outcome> outcomes = new ArrayList<>();
        private final List<Delivery.Decoded<E>> fresh = new ArrayList<>();
        private final List<Integer> freshIndexes = new ArrayList<>();
        private final Map<MessageId, Delivery.Decoded<E>> freshById = new HashMap<>();
        private final Map<Position, MessageId> counted = new HashMap<>();
        private final Map<Position, QuarantinedCopy> quarantined = new LinkedHashMap<>();

        /** Finds the outcome of everything but fresh events, which get theirs from the rules. */
        void add(Delivery<E> delivery) {
            Position position = delivery.position();
            if (committed.counted.containsKey(position)
                    || committed.quarantined.contains(position)
                    || counted.containsKey(position)
                    || quarantined.containsKey(position)) {
                outcomes.add(new Outcome.Redelivered());
                return;
            }
            switch (delivery) {
                case Delivery.Undecodable<E> copy -> {
                    quarantine(copy.messageId(), copy.key(), Reason.UNDECODABLE, copy);
                    outcomes.add(new Outcome.Quarantined(Reason.UNDECODABLE));
                }
                case Delivery.Decoded<E> event -> add(event);
            }
        }

        private void add(Delivery.Decoded<E> event) {
            IdempotencyRecord stored = committed.byMessageId.get(event.messageId());
            Delivery.Decoded<E> first = freshById.get(event.messageId());
            if (stored != null) {
                addCopy(event, stored.digest().equals(event.digest()), stored.first());
            } else if (first != null) {
                addCopy(event, first.digest().equals(event.digest()), first.position());
            } else if (event.copy().publishedAt().isBefore(committed.watermark)) {
                quarantine(
                        event.messageId().value(),
                        event.key().value(),
                        Reason.BEYOND_HORIZON,
                        event);
                outcomes.add(new Outcome.Quarantined(Reason.BEYOND_HORIZON));
            } else {
                fresh.add(event);
                freshIndexes.add(outcomes.size());
                freshById.put(event.messageId(), event);
                counted.put(event.position(), event.messageId());
                // Holds the place until the rules have spoken.
                outcomes.add(new Outcome.Applied());
            }
        }

        private void addCopy(Delivery.Decoded<E> event, boolean same, Position first) {
            if (same) {
                counted.put(event.position(), event.messageId());
                outcomes.add(new Outcome.Duplicate(first));
            } else {
                quarantine(event.messageId().value(), event.key().value(), Reason.CONFLICT, event);
                outcomes.add(new Outcome.Conflict(first));
            }
        }

        private void quarantine(String messageId, String key, Reason reason, Delivery<E> delivery) {
            quarantined.put(
                    delivery.position(),
                    new QuarantinedCopy(messageId, key, reason, delivery.copy()));
        }

        Settlement settle(BiFunction<S, E, Decision<S, F>> decide) {
            return switch (Verdict.on(fresh, states, stream.initial(), decide)) {
                case Verdict.Broke<E, S, F>(Delivery.Decoded<E> culprit, Throwable cause) ->
                        new Settlement.Faulted(culprit.messageId(), culprit.position(), cause);
                case Verdict.Decided<E, S, F> decided
                        when !decided.states().values().stream().allMatch(constraint) ->
                        new Settlement.Refused(
                                new IllegalStateException("a state breaks the store's constraint"));
                case Verdict.Decided<E, S, F> decided -> commit(decided);
            };
        }

        private Settlement commit(Verdict.Decided<E, S, F> decided) {
            Instant now = clock.instant();
            states.putAll(decided.states());
            for (Accepted<E, F> accepted : decided.accepted()) {
                effects.computeIfAbsent(accepted.delivery().key(), key -> new ArrayList<>())
                        .add(new Booked<>(accepted, now));
            }
            for (int i = 0; i < fresh.size(); i++) {
                Outcome outcome = decided.outcomes().get(i);
                outcomes.set(freshIndexes.get(i), outcome);
                committed.byMessageId.put(fresh.get(i).messageId(), stored(fresh.get(i), outcome));
            }
            counted.values()
                    .forEach(messageId ->
                            committed.byMessageId.computeIfPresent(
                                    messageId,
                                    (id, stored) -> stored.withCopies(stored.copies() + 1)));
            committed.counted.putAll(counted);
            committed.quarantine.addAll(quarantined.values());
            committed.quarantined.addAll(quarantined.keySet());
            return new Settlement.Committed(outcomes);
        }

        private IdempotencyRecord stored(Delivery.Decoded<E> event, Outcome outcome) {
            String state = outcome instanceof Outcome.Rejected ? "rejected" : "applied";
            String reason = outcome instanceof Outcome.Rejected(Reason why) ? why.value() : "";
            return new IdempotencyRecord(
                    event.messageId(),
                    event.digest(),
                    state,
                    reason,
                    event.position(),
                    event.copy().publishedAt(),
                    0);
        }
    }
}
