package dev.millrace.ports.operations.driving;

import dev.millrace.domain.operations.Hastening;
import dev.millrace.domain.operations.Signature;
import dev.millrace.domain.operations.SubscribedKey;

/** Has the first parked event of a key tried now instead of later. Thread-safe. */
@FunctionalInterface
public interface ReleaseParked {

    /**
     * Makes it due.
     *
     * @throws dev.millrace.ports.Unavailable when the database is away, or nobody knows whether it
     *     was done; the audit log tells then
     */
    Hastening release(SubscribedKey key, Signature signature);
}
