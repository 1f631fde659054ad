package dev.millrace.bootstrap.configuration;

/** Whether something is done. */
public enum Switch {
    /** It is. */
    ON,
    /** It is not. */
    OFF
}
