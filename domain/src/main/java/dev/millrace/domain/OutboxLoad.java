package dev.millrace.domain;

import java.time.Duration;
import java.util.Objects;

/**
 * What of a subscription's quarantine the dead-letter topic does not have yet, as far as is known.
 *
 * @param events how many
 * @param oldest how long the oldest of them has waited; zero when there is none
 */
public record OutboxLoad(long events, Duration oldest) {

    /** Quarantine and topic agree. */
    public static final OutboxLoad NONE = new OutboxLoad(0, Duration.ZERO);

    public OutboxLoad {
        Objects.requireNonNull(oldest);
    }
}
