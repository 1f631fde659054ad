package dev.millrace.adapters.http.callers;

import dev.millrace.domain.InvalidValue;

import java.util.Objects;

/**
 * What each caller may send, so that one that floods does not take the share of the others.
 *
 * @param eventsPerSecond in the long run; 0 for no limit
 * @param burst events at once after a pause
 * @param header in which a trusted proxy names the caller; empty to tell callers apart by address
 */
public record CallerRate(int eventsPerSecond, int burst, String header) {

    /** No limit. */
    public static final CallerRate UNLIMITED = new CallerRate(0, 1, "");

    /**
     * @throws InvalidValue when a number makes no sense
     */
    public CallerRate {
        Objects.requireNonNull(header);
        if (eventsPerSecond < 0) {
            throw new InvalidValue("eventsPerSecond", "must be at least 0");
        }
        if (burst < 1) {
            throw new InvalidValue("burst", "must be at least 1");
        }
    }

    boolean isLimited() {
        return eventsPerSecond > 0;
    }
}
