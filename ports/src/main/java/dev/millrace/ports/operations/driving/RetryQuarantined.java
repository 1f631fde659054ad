package dev.millrace.ports.operations.driving;

import dev.millrace.domain.operations.Retrial;
import dev.millrace.domain.operations.Signature;

/** Has an event that needed a person tried again. Thread-safe. */
@FunctionalInterface
public interface RetryQuarantined {

    /**
     * Puts it back to its key's parked events; nothing is published.
     *
     * @throws dev.millrace.ports.Unavailable when the database is away, or nobody knows whether it
     *     was done; the audit log tells then
     */
    Retrial retry(long id, Signature signature);
}
