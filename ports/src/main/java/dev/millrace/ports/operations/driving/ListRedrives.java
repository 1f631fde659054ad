package dev.millrace.ports.operations.driving;

import dev.millrace.domain.operations.Redrive;

import java.util.List;

/** Lists the jobs that retry many events. Thread-safe. */
@FunctionalInterface
public interface ListRedrives {

    /**
     * Lists by the ID.
     *
     * @param after only higher IDs
     * @param limit how many at most
     * @throws dev.millrace.ports.Unavailable when the database is away
     */
    List<Redrive> list(long after, int limit);
}
