package dev.millrace.bootstrap.metrics;

import java.util.Objects;

/**
 * What was counted for one subscription since the start.
 *
 * @param applied events, by lanes and by releases
 * @param rejected events, likewise
 * @param deliveries in committed batches
 * @param entries of the broker that they came in
 * @param followers deliveries that were not the first of their batch
 * @param followersOfLargestKey those of them that share the key of which their batch has most
 * @param transaction of a batch
 * @param lag commit time less publish time
 */
public record ProcessingTally(
        double applied,
        double rejected,
        double deliveries,
        double entries,
        double followers,
        double followersOfLargestKey,
        Distribution transaction,
        Distribution lag) {

    public ProcessingTally {
        Objects.requireNonNull(transaction);
        Objects.requireNonNull(lag);
    }

    /** How many events an entry has held so far; not a number before the first. */
    public double eventsPerEntry() {
        return deliveries / entries;
    }
}
