package dev.millrace.ports.operations.driving;

import dev.millrace.domain.operations.Redrive;

import java.util.Optional;

/** Shows one job that retries many events. Thread-safe. */
@FunctionalInterface
public interface ShowRedrive {

    /**
     * Shows it as it is now; empty when there is none.
     *
     * @throws dev.millrace.ports.Unavailable when the database is away
     */
    Optional<Redrive> show(long id);
}
