package dev.millrace.ports.usecase;

import dev.millrace.domain.Backoff;
import dev.millrace.domain.InvalidValue;

import java.time.Duration;
import java.util.Objects;

/**
 * How a subscription sits an outage out.
 *
 * @param backoff between two probes
 * @param probePatience how long the other lanes leave a prober alone at most
 * @param withdrawAfter how long an outage may last before consumers are closed, so that others may
 *     have their keys
 */
public record OutagePolicy(Backoff backoff, Duration probePatience, Duration withdrawAfter) {

    public OutagePolicy {
        Objects.requireNonNull(backoff);
        if (!probePatience.isPositive()) {
            throw new InvalidValue("probePatience", "must be positive");
        }
        if (withdrawAfter.isNegative()) {
            throw new InvalidValue("withdrawAfter", "must not be negative");
        }
    }
}
