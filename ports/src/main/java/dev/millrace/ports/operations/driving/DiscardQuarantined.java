package dev.millrace.ports.operations.driving;

import dev.millrace.domain.operations.Disposal;
import dev.millrace.domain.operations.Signature;

/** Gives an event up. Thread-safe. */
@FunctionalInterface
public interface DiscardQuarantined {

    /**
     * Gives it up, and lets its key go on.
     *
     * @throws dev.millrace.domain.InvalidValue when the signature says no reason
     * @throws dev.millrace.ports.Unavailable when the database is away, or nobody knows whether it
     *     was done; the audit log tells then
     */
    Disposal discard(long id, Signature signature);
}
