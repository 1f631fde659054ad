package dev.millrace.domain;

import java.time.Instant;
import java.util.Objects;

/**
 * A try of an event that failed by its own fault, as it was written down.
 *
 * @param number from 1
 * @param at when, by the clock of whoever wrote it down
 * @param fault what went wrong
 * @param traceId the trace that the event's caller named; empty when there is none
 */
public record FailedAttempt(int number, Instant at, Failure.Fault fault, String traceId) {

    public FailedAttempt {
        if (number < 1) {
            throw new InvalidValue("number", "must be at least 1");
        }
        Objects.requireNonNull(at);
        Objects.requireNonNull(fault);
        Objects.requireNonNull(traceId);
    }
}
