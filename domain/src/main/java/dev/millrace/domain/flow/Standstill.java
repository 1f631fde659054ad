package dev.millrace.domain.flow;

/**
 * What of one subscription does not flow: it waits in tables, as it was last looked at; not a
 * number where nobody has looked.
 *
 * @param parkedKeys keys with events that wait
 * @param parkedEvents how many wait
 * @param oldestParkedSeconds how long the first of them has waited; zero when there is none
 * @param quarantined copies that need a person
 * @param outboxEvents entries into quarantine that the dead-letter topic does not have yet
 * @param outboxOldestSeconds how long the oldest of them has waited; zero when there is none
 */
public record Standstill(
        double parkedKeys,
        double parkedEvents,
        double oldestParkedSeconds,
        double quarantined,
        double outboxEvents,
        double outboxOldestSeconds) {

    /** Nobody looks here. */
    public static final Standstill UNKNOWN =
            new Standstill(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
}
