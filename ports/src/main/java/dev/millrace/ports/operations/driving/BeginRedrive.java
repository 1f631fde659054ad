package dev.millrace.ports.operations.driving;

import dev.millrace.domain.operations.QuarantineFilter;
import dev.millrace.domain.operations.Redrive;
import dev.millrace.domain.operations.Signature;

/** Has many quarantined events tried again, by a job. Thread-safe. */
@FunctionalInterface
public interface BeginRedrive {

    /**
     * Begins it; it goes on by itself.
     *
     * @param most how many events a second it may come to
     * @throws dev.millrace.ports.Unavailable when the database is away, or nobody knows whether it
     *     was done; the audit log tells then
     */
    Redrive begin(QuarantineFilter filter, int most, Signature signature);
}
