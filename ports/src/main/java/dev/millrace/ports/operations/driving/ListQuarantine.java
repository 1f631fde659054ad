package dev.millrace.ports.operations.driving;

import dev.millrace.domain.operations.QuarantineFilter;
import dev.millrace.domain.operations.QuarantinedEvent;

import java.util.List;

/** Lists the events that need a person. Thread-safe. */
@FunctionalInterface
public interface ListQuarantine {

    /**
     * Lists by the ID.
     *
     * @param after only higher IDs
     * @param limit how many at most
     * @throws dev.millrace.ports.Unavailable when the database is away
     */
    List<QuarantinedEvent> list(QuarantineFilter filter, long after, int limit);
}
