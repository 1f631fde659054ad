package dev.millrace.ports.driving;

/** Lets records go that nobody can need any more. Thread-safe. */
@FunctionalInterface
public interface PurgeRecords {

    /**
     * Purges what may go now, in small steps.
     *
     * @return how many records went
     * @throws dev.millrace.ports.Unavailable when the broker or the database is away
     */
    long purge();
}
