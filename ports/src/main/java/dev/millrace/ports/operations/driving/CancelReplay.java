package dev.millrace.ports.operations.driving;

import dev.millrace.domain.operations.Cancelling;
import dev.millrace.domain.operations.Replay;
import dev.millrace.domain.operations.Signature;

/** Ends a replay. Thread-safe. */
@FunctionalInterface
public interface CancelReplay {

    /**
     * Ends it; what it has filled stays so.
     *
     * @throws dev.millrace.ports.Unavailable when the database is away, or nobody knows whether it
     *     was done; the audit log tells then
     */
    Cancelling<Replay> cancel(long id, Signature signature);
}
