package dev.millrace.ports.operations.driving;

import dev.millrace.domain.operations.ReplayFinding;

import java.util.List;

/** Lists what a replay has found. Thread-safe. */
@FunctionalInterface
public interface ListReplayFindings {

    /**
     * Lists by the number; nothing for a replay that there is not.
     *
     * @param after only higher numbers
     * @param limit how many at most
     * @throws dev.millrace.ports.Unavailable when the database is away
     */
    List<ReplayFinding> list(long id, long after, int limit);
}
