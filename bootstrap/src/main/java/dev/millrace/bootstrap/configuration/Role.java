package dev.millrace.bootstrap.configuration;

/** What a process does; each is scaled by itself. */
public enum Role {
    /** Takes events in over HTTP; needs only the broker. */
    GATE,
    /** Consumes and applies events; needs broker and database. */
    WORKER,
    /** Answers queries over HTTP; needs only the database. */
    READS;

    /** Whether it needs the broker. */
    public boolean needsBroker() {
        return this != READS;
    }

    /** Whether it needs the database. */
    public boolean needsDatabase() {
        return this != GATE;
    }
}
