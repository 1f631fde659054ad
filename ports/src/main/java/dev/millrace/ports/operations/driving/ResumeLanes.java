package dev.millrace.ports.operations.driving;

import dev.millrace.domain.operations.Resuming;
import dev.millrace.domain.operations.Signature;
import dev.millrace.domain.operations.SubscriptionName;

/** Has what is paused go on. Thread-safe. */
@FunctionalInterface
public interface ResumeLanes {

    /**
     * Has the lanes go on; every process follows within two seconds.
     *
     * @throws dev.millrace.ports.Unavailable when the database is away, or nobody knows whether it
     *     was done; the audit log tells then
     */
    Resuming resume(SubscriptionName subscription, Signature signature);
}
