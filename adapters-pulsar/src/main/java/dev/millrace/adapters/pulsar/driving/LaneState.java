package dev.millrace.adapters.pulsar.driving;

/** What a lane is doing. */
public enum LaneState {
    /** Subscribing, for the first time or again. */
    STARTING,
    /** Receiving and handing over. */
    RUNNING,
    /** Holding a batch through an outage. */
    PAUSED,
    /** Its consumer is closed for the time of an outage that lasts. */
    WITHDRAWN,
    /** Stands before an event's own fault, or a bug: only a restart goes on from here. */
    HALTED,
    /** Told to stop, and done. */
    STOPPED
}
