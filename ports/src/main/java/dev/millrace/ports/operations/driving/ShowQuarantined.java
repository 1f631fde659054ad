package dev.millrace.ports.operations.driving;

import dev.millrace.domain.operations.Inspection;

/** Shows one event that needs a person. Thread-safe. */
@FunctionalInterface
public interface ShowQuarantined {

    /**
     * Shows all that is known of it.
     *
     * @throws dev.millrace.ports.Unavailable when the database is away
     */
    Inspection show(long id);
}
