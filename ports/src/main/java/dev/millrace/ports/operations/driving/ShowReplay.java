package dev.millrace.ports.operations.driving;

import dev.millrace.domain.operations.Replay;

import java.util.Optional;

/** Shows one replay. Thread-safe. */
@FunctionalInterface
public interface ShowReplay {

    /**
     * Shows it as it is now; empty when there is none.
     *
     * @throws dev.millrace.ports.Unavailable when the database is away
     */
    Optional<Replay> show(long id);
}
