package dev.millrace.ports.driven;

import dev.millrace.domain.SubscriptionId;

import java.time.Instant;

/** How far a subscription has come, as the broker knows it. Thread-safe. */
@FunctionalInterface
public interface Cursor {

    /**
     * A time before which every copy in the topic has been acknowledged.
     *
     * @return the publish time of the oldest unacknowledged copy, or the time of asking when there
     *     is none
     * @throws dev.millrace.ports.Unavailable when the broker is away or does not tell for every
     *     partition
     */
    Instant acknowledgedBefore(SubscriptionId subscription);
}
