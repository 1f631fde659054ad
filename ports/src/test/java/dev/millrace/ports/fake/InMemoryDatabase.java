package dev.millrace.ports.fake;

import dev.millrace.domain.Copy;
import dev.millrace.domain.DeadLetter;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.Digest;
import dev.millrace.domain.FailedAttempt;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.ParkedEvent;
import dev.millrace.domain.Position;
import dev.millrace.domain.Reason;
import dev.millrace.domain.Setback;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.operations.AuditEntry;
import dev.millrace.domain.operations.Edit;
import dev.millrace.domain.operations.LanePause;
import dev.millrace.domain.operations.ReportedLane;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.contract.QuarantinedCopy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the fakes of one test share, as adapters share a database: the records of all subscriptions,
 * and a switch that takes it away. Its monitor is the transaction: whoever reads or writes holds
 * it.
 */
public final class InMemoryDatabase {

    private final Map<SubscriptionId, Records> records =
            new TreeMap<>(Comparator.comparing(SubscriptionId::toString));
    static final Instant NEVER = Instant.MAX;

    final List<AuditEntry> auditLog = new ArrayList<>();
    long lastAct;
    private long lastQuarantineId;
    private boolean unavailable;

    /** From now on every fake on this database throws {@link Unavailable}. */
    public synchronized void makeUnavailable() {
        unavailable = true;
    }

    /** The database is back, with all that was committed. */
    public synchronized void makeAvailable() {
        unavailable = false;
    }

    /**
     * The committed quarantine of a subscription, in the order of its entries; answered even when
     * unavailable.
     */
    public synchronized List<QuarantinedCopy> quarantine(SubscriptionId subscription) {
        return recordsOf(subscription).quarantine.values().stream().map(Quarantined::copy).toList();
    }

    /**
     * How many copies the record of a message ID counts; 0 when there is none; answered even when
     * unavailable.
     */
    public synchronized int copies(SubscriptionId subscription, MessageId messageId) {
        IdempotencyRecord stored = recordsOf(subscription).byMessageId.get(messageId);
        return stored == null ? 0 : stored.copies();
    }

    /** The message IDs that wait for a key, in order; answered even when unavailable. */
    public synchronized List<MessageId> parked(SubscriptionId subscription, Key key) {
        return recordsOf(subscription)
                .parkedOf(key)
                .map(waiting -> waiting.event().messageId())
                .toList();
    }

    /** The failed tries of an event, in order; answered even when unavailable. */
    public synchronized List<FailedAttempt> attempts(
            SubscriptionId subscription, MessageId messageId) {
        return List.copyOf(recordsOf(subscription).attempts.getOrDefault(messageId, List.of()));
    }

    /** The state of a message ID's record; empty when there is none. */
    public synchronized String state(SubscriptionId subscription, MessageId messageId) {
        IdempotencyRecord stored = recordsOf(subscription).byMessageId.get(messageId);
        return stored == null ? "" : stored.state();
    }

    /**
     * Passes when the database is there.
     *
     * @throws Unavailable when it is not
     */
    public synchronized void requireAvailable() {
        if (unavailable) {
            throw new Unavailable("the database in memory is switched off");
        }
    }

    Records recordsOf(SubscriptionId subscription) {
        return records.computeIfAbsent(subscription, id -> new Records());
    }

    Map<SubscriptionId, Records> records() {
        return records;
    }

    /** One event's record. */
    record IdempotencyRecord(
            MessageId messageId,
            Key key,
            Digest digest,
            String state,
            String reason,
            Position first,
            Instant publishedAt,
            int copies) {

        IdempotencyRecord withState(String next, String why) {
            return new IdempotencyRecord(
                    messageId, key, digest, next, why, first, publishedAt, copies);
        }

        IdempotencyRecord withCopies(int count) {
            return new IdempotencyRecord(
                    messageId, key, digest, state, reason, first, publishedAt, count);
        }
    }

    /** What the broker hands to one consumer at a time. */
    record Entry(long ledger, long entry) {
        static Entry of(Position position) {
            return new Entry(position.ledger(), position.entry());
        }
    }

    /**
     * One parked event.
     *
     * @param dueAt when to try it; {@link #NEVER} for one that only waits behind another
     */
    record Waiting(ParkedEvent event, Instant dueAt) {}

    /** One entry into quarantine that is still to be published. */
    record Entered(DeadLetter letter, Instant at) {}

    /**
     * One copy in quarantine.
     *
     * @param digest in hexadecimal digits; empty when the copy could not be read
     * @param sequence the place that it had among the parked ones; 0 for one that had none
     * @param holdsKey whether its key waits until a person has dealt with it
     */
    record Quarantined(
            QuarantinedCopy copy,
            String detail,
            String digest,
            Instant at,
            long sequence,
            boolean holdsKey) {}

    /** One copy without a record of its own that was given up. */
    record DiscardedCopy(String messageId, Reason reason, Instant publishedAt) {}

    /** Takes a copy into quarantine, under an ID that no other has had. */
    void quarantine(Records records, Quarantined copy) {
        lastQuarantineId++;
        records.quarantine.put(lastQuarantineId, copy);
        QuarantinedCopy entered = copy.copy();
        List<FailedAttempt> failed =
                copy.sequence() == 0
                        ? List.of()
                        : records.attempts.getOrDefault(
                                new MessageId(entered.messageId()), List.of());
        records.outbox.put(
                lastQuarantineId,
                new Entered(
                        new DeadLetter(
                                lastQuarantineId,
                                entered.messageId(),
                                entered.key(),
                                entered.reason(),
                                failed,
                                entered.copy()),
                        copy.at()));
    }

    /** One subscription's rows. */
    static final class Records {
        final Map<MessageId, IdempotencyRecord> byMessageId = new HashMap<>();
        final Map<Position, MessageId> counted = new HashMap<>();
        final Map<Position, Instant> countedAt = new HashMap<>();
        final SequencedMap<Long, Quarantined> quarantine = new TreeMap<>();
        final Map<Position, DiscardedCopy> discarded = new HashMap<>();
        final Map<MessageId, Copy> originals = new HashMap<>();
        final Map<MessageId, List<Edit>> edits = new HashMap<>();
        final SequencedMap<Long, Waiting> parked = new TreeMap<>();
        final Map<MessageId, Instant> parkedAt = new HashMap<>();
        final Map<MessageId, List<FailedAttempt>> attempts = new HashMap<>();
        final Map<String, Set<Entry>> underWay = new HashMap<>();
        final Map<Position, Set<String>> loneRuns = new HashMap<>();
        final SequencedMap<Long, Entered> outbox = new TreeMap<>();
        final Map<String, SequencedMap<Integer, ReportedLane>> lanes = new HashMap<>();
        final List<LanePause> pauses = new ArrayList<>();
        String turnOwner = "";
        Instant turnUntil = Instant.MIN;
        long fence;
        long lastSequence;
        Instant watermark = Instant.MIN;

        /** Whether fresh events of a key have to wait. */
        boolean isBlocked(Key key) {
            return awaitsPerson(key) || parkedOf(key).findAny().isPresent();
        }

        /** Whether a key waits until a person has dealt with some event of it. */
        boolean awaitsPerson(Key key) {
            return holdersOf(key).findAny().isPresent();
        }

        /** Of each key the last position in a partition that a record is about. */
        Map<Key, Position> latest(int partition, Collection<Key> keys) {
            Map<Key, Position> latest = new HashMap<>();
            byMessageId.values().stream()
                    .filter(stored -> stored.first().partition() == partition)
                    .filter(stored -> keys.contains(stored.key()))
                    .forEach(stored ->
                            latest.merge(
                                    stored.key(),
                                    stored.first(),
                                    (known, other) -> known.isBefore(other) ? other : known));
            return latest;
        }

        /** The IDs of the quarantined events that a key waits for. */
        Stream<Long> holdersOf(Key key) {
            return quarantine.entrySet().stream()
                    .filter(entry -> entry.getValue().holdsKey())
                    .filter(entry -> entry.getValue().copy().key().equals(key.value()))
                    .map(Map.Entry::getKey);
        }

        /** Whether a position is accounted for in quarantine, or was given up there. */
        boolean isQuarantined(Position position) {
            return discarded.containsKey(position)
                    || quarantine.values().stream()
                            .anyMatch(entry -> entry.copy().copy().position().equals(position));
        }

        /** The head of a key's queue is tried at once, if not later, unless a person is awaited. */
        void advance(Key key, Instant now) {
            if (!awaitsPerson(key)) {
                parkedOf(key)
                        .findFirst()
                        .filter(head -> head.dueAt().equals(NEVER))
                        .ifPresent(head -> setDue(head, now));
            }
        }

        void setDue(Waiting waiting, Instant dueAt) {
            parked.put(waiting.event().sequence(), new Waiting(waiting.event(), dueAt));
        }

        Stream<Waiting> parkedOf(Key key) {
            return parked.values().stream().filter(waiting -> waiting.event().key().equals(key));
        }

        void park(Delivery.Decoded<?> delivery, int attempts, Instant dueAt, Instant now) {
            lastSequence++;
            parkedAt.put(delivery.messageId(), now);
            parked.put(
                    lastSequence,
                    new Waiting(
                            new ParkedEvent(
                                    lastSequence,
                                    delivery.messageId(),
                                    delivery.key(),
                                    delivery.digest(),
                                    delivery.copy(),
                                    attempts),
                            dueAt));
        }

        void note(MessageId messageId, Setback setback, Copy copy, Instant now) {
            List<FailedAttempt> before =
                    attempts.computeIfAbsent(messageId, id -> new ArrayList<>());
            before.add(new FailedAttempt(before.size() + 1, now, setback.fault(), copy.traceId()));
        }

        void restate(MessageId messageId, String state, String reason) {
            byMessageId.computeIfPresent(
                    messageId, (id, stored) -> stored.withState(state, reason));
        }
    }
}
