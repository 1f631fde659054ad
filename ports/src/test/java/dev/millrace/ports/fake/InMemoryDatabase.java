package dev.millrace.ports.fake;

import dev.millrace.domain.Digest;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Position;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.contract.QuarantinedCopy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the fakes of one test share, as adapters share a database: the records of all subscriptions,
 * and a switch that takes it away. Its monitor is the transaction: whoever reads or writes holds
 * it.
 */
public final class InMemoryDatabase {

    private final Map<SubscriptionId, Records> records =
            new TreeMap<>(Comparator.comparing(SubscriptionId::toString));
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
        return List.copyOf(recordsOf(subscription).quarantine);
    }

    /**
     * How many copies the record of a message ID counts; 0 when there is none; answered even when
     * unavailable.
     */
    public synchronized int copies(SubscriptionId subscription, MessageId messageId) {
        IdempotencyRecord stored = recordsOf(subscription).byMessageId.get(messageId);
        return stored == null ? 0 : stored.copies();
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
            Digest digest,
            String state,
            String reason,
            Position first,
            Instant publishedAt,
            int copies) {

        IdempotencyRecord withCopies(int count) {
            return new IdempotencyRecord(
                    messageId, digest, state, reason, first, publishedAt, count);
        }
    }

    /** One subscription's rows. */
    static final class Records {
        final Map<MessageId, IdempotencyRecord> byMessageId = new HashMap<>();
        final Map<Position, MessageId> counted = new HashMap<>();
        final List<QuarantinedCopy> quarantine = new ArrayList<>();
        final Set<Position> quarantined = new HashSet<>();
        Instant watermark = Instant.MIN;
    }
}
