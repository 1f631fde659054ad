package dev.millrace.adapters.pulsar.driving;

import dev.millrace.domain.InvalidValue;
import dev.millrace.domain.SubscriptionType;

import java.time.Duration;
import java.util.Objects;

/**
 * How a subscription is read.
 *
 * @param type of the subscription, the same for all of its consumers everywhere
 * @param lanes consumers in this process
 * @param maxEvents in a batch
 * @param maxBytes in a batch
 * @param maxDelay how long to wait for a batch to fill; bounds how long a stop takes, too
 * @param receiptPatience how long to wait for the receipt of an acknowledgement; one that is lost
 *     only means that the batch arrives again
 * @param process names this process among the subscription's consumers
 */
public record LaneSettings(
        SubscriptionType type,
        int lanes,
        int maxEvents,
        int maxBytes,
        Duration maxDelay,
        Duration receiptPatience,
        String process) {

    /** The longest time for which a lane waits without looking whether it has to stop. */
    public static final Duration MAX_DELAY = Duration.ofMillis(200);

    private static final int MAX_LANES = 1_000;
    private static final int MAX_EVENTS = 100_000;

    public LaneSettings {
        Objects.requireNonNull(type);
        if (lanes < 1 || lanes > MAX_LANES) {
            throw new InvalidValue("lanes", "must be 1 to " + MAX_LANES);
        }
        if (type == SubscriptionType.EXCLUSIVE && lanes > 1) {
            throw new InvalidValue("lanes", "must be 1 on an exclusive subscription");
        }
        if (maxEvents < 1 || maxEvents > MAX_EVENTS) {
            throw new InvalidValue("maxEvents", "must be 1 to " + MAX_EVENTS);
        }
        if (maxBytes < 1) {
            throw new InvalidValue("maxBytes", "must be positive");
        }
        if (maxDelay.toMillis() < 1 || maxDelay.compareTo(MAX_DELAY) > 0) {
            throw new InvalidValue("maxDelay", "must be 1 to " + MAX_DELAY.toMillis() + " ms");
        }
        if (!receiptPatience.isPositive()) {
            throw new InvalidValue("receiptPatience", "must be positive");
        }
        Objects.requireNonNull(process);
    }

    /**
     * Events that a consumer asks for beforehand, on each partition and again for all of them
     * together: what is applied next is there while this batch commits, and no more.
     */
    public static int receiverQueue(int maxEvents) {
        return 2 * maxEvents;
    }

    /**
     * The most events of one partition that a lane may hold unacknowledged: a full queue of the
     * partition, a full queue of the lane and the batch that overfills it, the batch in work, and
     * two batches whose receipts are under way. The broker, which gives whole entries, may add the
     * rest of one of its reads.
     */
    public static int mostOfOnePartition(int maxEvents) {
        return mostOfAll(1, maxEvents);
    }

    /** The same for all partitions together: what a lane holds in memory at most. */
    public static int mostOfAll(int partitions, int maxEvents) {
        int ofEachPartition = receiverQueue(maxEvents) + maxEvents;
        int ofTheLane = receiverQueue(maxEvents) + 3 * maxEvents;
        return partitions * ofEachPartition + ofTheLane;
    }
}
