package dev.millrace.ports.fake;

import dev.millrace.domain.Accepted;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.Fate;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Outcome;
import dev.millrace.domain.Position;
import dev.millrace.domain.Reason;
import dev.millrace.domain.Setback;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Verdict;
import dev.millrace.ports.Stream;
import dev.millrace.ports.contract.QuarantinedCopy;
import dev.millrace.ports.driven.Deciding;
import dev.millrace.ports.driven.Inbox;
import dev.millrace.ports.driven.Settlement;
import dev.millrace.ports.fake.InMemoryDatabase.IdempotencyRecord;
import dev.millrace.ports.fake.InMemoryDatabase.Quarantined;
import dev.millrace.ports.fake.InMemoryDatabase.Records;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/** An inbox over an {@link InMemoryDatabase} and a map of states. Thread-safe. */
public final class InMemoryInbox<E, S, F> implements Inbox<E, S, F> {

    final InMemoryDatabase database;
    final SubscriptionId subscription;
    final Predicate<S> constraint;
    final InstantSource clock;
    private final Stream<E, S, F> stream;
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
    public Settlement apply(List<Delivery<E>> batch, Deciding<E, S, F> deciding) {
        synchronized (database) {
            database.requireAvailable();
            Transaction transaction = new Transaction();
            batch.forEach(transaction::add);
            return transaction.settle(deciding);
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

    /** Keeps new states and effects. */
    void book(Verdict<E, S, F> verdict, Instant now) {
        states.putAll(verdict.states());
        for (Accepted<E, F> accepted : verdict.accepted()) {
            effects.computeIfAbsent(accepted.delivery().key(), key -> new ArrayList<>())
                    .add(new Booked<>(accepted, now));
        }
    }

    /** The committed states. */
    Map<Key, S> states() {
        return Map.copyOf(states);
    }

    /** How a record calls an outcome. */
    static String word(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Rejected _ -> "rejected";
            case Outcome.Parked _ -> "parked";
            case Outcome.Quarantined _ -> "quarantined";
            default -> "applied";
        };
    }

    /** What one call is about to commit; dropped when it does not come to that. */
    private final class Transaction {
        private final Records committed = database.recordsOf(subscription);
        private final List<Outcome> outcomes = new ArrayList<>();
        private final List<Delivery.Decoded<E>> fresh = new ArrayList<>();
        private final List<Integer> freshIndexes = new ArrayList<>();
        private final Map<MessageId, Delivery.Decoded<E>> freshById = new HashMap<>();
        private final Map<Position, MessageId> counted = new HashMap<>();
        private final Map<Position, Quarantined> quarantined = new LinkedHashMap<>();

        /** Finds the outcome of everything but fresh events, which get theirs from the rules. */
        void add(Delivery<E> delivery) {
            Position position = delivery.position();
            if (committed.counted.containsKey(position)
                    || committed.isQuarantined(position)
                    || counted.containsKey(position)
                    || quarantined.containsKey(position)) {
                outcomes.add(new Outcome.Redelivered());
                return;
            }
            switch (delivery) {
                case Delivery.Undecodable<E> copy -> {
                    quarantine(
                            copy.messageId(),
                            copy.key(),
                            Reason.UNDECODABLE,
                            copy.cause(),
                            "",
                            copy);
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
                setAside(event, Reason.BEYOND_HORIZON, "");
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
                setAside(event, Reason.CONFLICT, "another event stands at " + first);
                outcomes.add(new Outcome.Conflict(first));
            }
        }

        private void setAside(Delivery.Decoded<E> event, Reason reason, String detail) {
            quarantine(
                    event.messageId().value(),
                    event.key().value(),
                    reason,
                    detail,
                    event.digest().hex(),
                    event);
        }

        private void quarantine(
                String messageId,
                String key,
                Reason reason,
                String detail,
                String digest,
                Delivery<E> delivery) {
            quarantined.put(
                    delivery.position(),
                    new Quarantined(
                            new QuarantinedCopy(messageId, key, reason, delivery.copy()),
                            detail,
                            digest,
                            clock.instant(),
                            0,
                            false));
        }

        Settlement settle(Deciding<E, S, F> deciding) {
            List<Delivery.Decoded<E>> open =
                    fresh.stream().filter(event -> !committed.isBlocked(event.key())).toList();
            Verdict<E, S, F> verdict = deciding.on(open, Map.copyOf(states));
            if (!verdict.states().values().stream().allMatch(constraint)) {
                return new Settlement.Refused(
                        new IllegalStateException("a state breaks the store's constraint"));
            }
            Map<MessageId, Outcome> decided = new HashMap<>();
            for (int i = 0; i < open.size(); i++) {
                decided.put(open.get(i).messageId(), verdict.outcomes().get(i));
            }
            return commit(verdict, decided);
        }

        private Settlement commit(Verdict<E, S, F> verdict, Map<MessageId, Outcome> decided) {
            Instant now = clock.instant();
            book(verdict, now);
            for (int i = 0; i < fresh.size(); i++) {
                Delivery.Decoded<E> event = fresh.get(i);
                Outcome outcome = decided.getOrDefault(event.messageId(), new Outcome.Parked());
                outcomes.set(freshIndexes.get(i), outcome);
                committed.byMessageId.put(event.messageId(), stored(event, outcome));
                if (outcome instanceof Outcome.Parked) {
                    park(event, verdict.setbacks().get(event.messageId()), now);
                }
            }
            counted.values()
                    .forEach(messageId ->
                            committed.byMessageId.computeIfPresent(
                                    messageId,
                                    (id, stored) -> stored.withCopies(stored.copies() + 1)));
            committed.counted.putAll(counted);
            counted.keySet().forEach(position -> committed.countedAt.put(position, now));
            quarantined.values().forEach(copy -> database.quarantine(committed, copy));
            return new Settlement.Committed(outcomes);
        }

        private void park(Delivery.Decoded<E> event, @Nullable Setback setback, Instant now) {
            if (setback == null) {
                committed.park(event, 0, InMemoryDatabase.NEVER, now);
            } else if (setback.fate() instanceof Fate.Retry(Duration delay)) {
                committed.park(event, setback.attempt(), now.plus(delay), now);
                committed.note(event.messageId(), setback, event.copy(), now);
            } else {
                throw new IllegalStateException("a first failure is never the last");
            }
        }

        private IdempotencyRecord stored(Delivery.Decoded<E> event, Outcome outcome) {
            String state = word(outcome);
            String reason = outcome instanceof Outcome.Rejected(Reason why) ? why.value() : "";
            return new IdempotencyRecord(
                    event.messageId(),
                    event.key(),
                    event.digest(),
                    state,
                    reason,
                    event.position(),
                    event.copy().publishedAt(),
                    0);
        }
    }
}
