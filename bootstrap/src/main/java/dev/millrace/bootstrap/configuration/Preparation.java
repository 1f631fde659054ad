package dev.millrace.bootstrap.configuration;

/** What a process does at its start about something that must be in place. */
public enum Preparation {
    /** Puts it in place where it is missing. */
    APPLY,
    /** Only looks whether it is in place, and refuses to work when it is not. */
    VERIFY
}
