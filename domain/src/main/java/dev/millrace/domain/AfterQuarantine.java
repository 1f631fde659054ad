package dev.millrace.domain;

/** What becomes of a key whose first parked event has gone to quarantine. */
public enum AfterQuarantine {
    /** Its later events wait until a person has dealt with that one: order is kept. */
    WAITS,
    /** Its later events go on without that one: nothing waits for a person. */
    GOES_ON
}
