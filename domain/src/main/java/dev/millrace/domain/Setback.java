package dev.millrace.domain;

import java.util.Objects;

/**
 * A try that failed by the event's own fault.
 *
 * @param attempt its number, from 1, counted since the event was parked or a person put it back
 * @param fault what went wrong
 * @param fate what becomes of the event
 */
public record Setback(int attempt, Failure.Fault fault, Fate fate) {

    public Setback {
        if (attempt < 1) {
            throw new InvalidValue("attempt", "must be at least 1");
        }
        Objects.requireNonNull(fault);
        Objects.requireNonNull(fate);
    }
}
