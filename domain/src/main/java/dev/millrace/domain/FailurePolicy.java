package dev.millrace.domain;

import java.util.Objects;

/**
 * What follows from a failure, for one stream.
 *
 * @param backoff between two tries of one event
 * @param maxAttempts after how many failed tries an event goes to quarantine; the first counts
 * @param afterQuarantine what becomes of its key then
 */
public record FailurePolicy(Backoff backoff, int maxAttempts, AfterQuarantine afterQuarantine) {

    /** So many processes may die at one event, each while it ran nothing else. */
    public static final int MAX_DEATHS = 3;

    public FailurePolicy {
        Objects.requireNonNull(backoff);
        Objects.requireNonNull(afterQuarantine);
        if (maxAttempts < 2) {
            throw new InvalidValue("maxAttempts", "must be at least 2: a try and a retry");
        }
    }

    /**
     * Whether an event is to be tried no more, since processes die at it.
     *
     * @param deaths of processes that ran it alone
     */
    public static boolean isDeadly(int deaths) {
        return deaths >= MAX_DEATHS;
    }

    /**
     * Decides what becomes of an event.
     *
     * @param before how many tries of it have failed before this one
     * @param random from 0 to below 1, drawn by the caller
     */
    public Fate after(Failure failure, int before, double random) {
        return switch (failure) {
            case Failure.Outage _ -> new Fate.Unchanged();
            case Failure.Fault _ when before + 1 < maxAttempts ->
                    new Fate.Retry(backoff.delay(before + 1, random));
            case Failure.Fault _ -> new Fate.Quarantine(Reason.ATTEMPTS_EXHAUSTED);
            case Failure.Permanent(Reason reason) -> new Fate.Quarantine(reason);
        };
    }
}
