package dev.millrace.ports.operations.driving;

import dev.millrace.domain.operations.Cancelling;
import dev.millrace.domain.operations.Redrive;
import dev.millrace.domain.operations.Signature;

/** Ends a job that retries many events. Thread-safe. */
@FunctionalInterface
public interface CancelRedrive {

    /**
     * Ends it; what it has retried stays so.
     *
     * @throws dev.millrace.ports.Unavailable when the database is away, or nobody knows whether it
     *     was done; the audit log tells then
     */
    Cancelling<Redrive> cancel(long id, Signature signature);
}
