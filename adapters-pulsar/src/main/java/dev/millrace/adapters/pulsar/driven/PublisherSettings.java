package dev.millrace.adapters.pulsar.driven;

import dev.millrace.domain.InvalidValue;

import java.time.Duration;

/**
 * How events are gathered and how long to wait for their receipts.
 *
 * @param maxDelay how long an event waits for others of its bucket at most
 * @param maxEvents in the batches that one partition gathers at the same time
 * @param maxBytes in the batches that one partition gathers at the same time
 * @param maxPending events of one partition without a receipt; more are refused
 * @param maxEventBytes an event with more is refused; below the broker's own limit
 * @param sendTimeout after which an event without a receipt is unknown
 * @param checkInterval between two looks at producers and subscriptions
 */
public record PublisherSettings(
        Duration maxDelay,
        int maxEvents,
        int maxBytes,
        int maxPending,
        int maxEventBytes,
        Duration sendTimeout,
        Duration checkInterval) {

    /** The documented defaults. */
    public static final PublisherSettings DEFAULTS =
            new PublisherSettings(
                    Duration.ofMillis(5),
                    1_000,
                    512 << 10,
                    10_000,
                    1 << 20,
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(5));

    public PublisherSettings {
        requirePositive("maxDelay", maxDelay.toMillis());
        requirePositive("maxEvents", maxEvents);
        requirePositive("maxBytes", maxBytes);
        requirePositive("maxPending", maxPending);
        requirePositive("maxEventBytes", maxEventBytes);
        requirePositive("sendTimeout", sendTimeout.toMillis());
        requirePositive("checkInterval", checkInterval.toMillis());
    }

    private static void requirePositive(String field, long value) {
        if (value < 1 || value > Integer.MAX_VALUE) {
            throw new InvalidValue(field, "must be positive");
        }
    }
}
