package dev.millrace.bootstrap.configuration;

/** The least urgent lines of our own that are logged. */
public enum LogLevel {
    /** What needs a person. */
    ERROR,
    /** What may need a person soon. */
    WARN,
    /** What changes. */
    INFO,
    /** What happens, for whoever looks for a fault. */
    DEBUG
}
