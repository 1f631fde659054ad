package dev.millrace.domain.operations;

import java.util.Locale;

/** What a lane is doing. */
public enum LaneState {
    /** Subscribing, for the first time or again. */
    STARTING,
    /** Receiving and handing over. */
    RUNNING,
    /** Holding a batch through an outage, or because as much is parked as may be. */
    PAUSED,
    /** Keeping what it has and receiving nothing more, since a person wants it so. */
    PAUSED_BY_PERSON,
    /** Its consumer is closed for the time of an outage that lasts. */
    WITHDRAWN,
    /** Stands before a bug of ours: only a restart goes on from here. */
    HALTED,
    /** Told to stop, and done. */
    STOPPED;

    /** The state in lower case, with hyphens. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Reads what {@link #word} answers.
     *
     * @throws IllegalArgumentException when there is no such state
     */
    public static LaneState of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
