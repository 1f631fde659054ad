package dev.millrace.ports.operations.driving;

import dev.millrace.domain.operations.Pausing;
import dev.millrace.domain.operations.Signature;
import dev.millrace.domain.operations.SubscriptionName;

/** Has nothing of a subscription applied until it is resumed. Thread-safe. */
@FunctionalInterface
public interface PauseLanes {

    /**
     * Has the lanes pause; every process follows within two seconds.
     *
     * @throws dev.millrace.ports.Unavailable when the database is away, or nobody knows whether it
     *     was done; the audit log tells then
     */
    Pausing pause(SubscriptionName subscription, Signature signature);
}
