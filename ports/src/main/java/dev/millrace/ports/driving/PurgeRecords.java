package dev.millrace.ports.driving;

/** Lets idempotency records go that no copy can need any more. Thread-safe. */
@FunctionalInterface
public interface PurgeRecords {

    /**
     * Purges what may go now, in small steps.
     *
     * @return how many records went
     * @throws dev.millrace.ports.Unavailable when broker or database is away
     */
    long purge();
}
