package dev.millrace.ports.driven;

import dev.millrace.domain.SubscriptionId;

import java.time.Instant;

/** The idempotency records, as the purge sees them. Thread-safe. */
@FunctionalInterface
public interface RecordStore {

    /**
     * First makes the watermark durable, in a transaction of its own, then deletes a bounded number
     * of final records that were published before it, and of copies that were given up and have no
     * record. The watermark never moves back.
     *
     * @param publishedBefore the watermark
     * @param limit how many of them to delete at most
     * @return how many were deleted; fewer than the limit means that none is left
     * @throws dev.millrace.ports.Unavailable when the database is away
     */
    int purge(SubscriptionId subscription, Instant publishedBefore, int limit);
}
