package dev.millrace.ports.operations.driving;

import dev.millrace.domain.operations.Replay;

import java.util.List;

/** Lists the replays. Thread-safe. */
@FunctionalInterface
public interface ListReplays {

    /**
     * Lists by the ID.
     *
     * @param after only higher IDs
     * @param limit how many at most
     * @throws dev.millrace.ports.Unavailable when the database is away
     */
    List<Replay> list(long after, int limit);
}
