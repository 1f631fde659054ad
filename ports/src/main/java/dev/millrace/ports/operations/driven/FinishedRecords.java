package dev.millrace.ports.operations.driven;

import java.time.Instant;

/**
 * Records of one kind that tell of something finished: an act, a job. Of one tenant's namespace.
 * Thread-safe.
 */
@FunctionalInterface
public interface FinishedRecords {

    /**
     * Deletes a bounded number of those that were finished before an instant, the oldest first,
     * with all that belongs to them.
     *
     * @param limit how many rows to delete at most
     * @return how many were deleted; fewer than the limit means that none is left
     * @throws dev.millrace.ports.Unavailable when the database is away
     */
    int purge(Instant finishedBefore, int limit);
}
