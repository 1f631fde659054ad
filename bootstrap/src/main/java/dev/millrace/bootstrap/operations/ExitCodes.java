package dev.millrace.bootstrap.operations;

/** With what a command ends. Stable: scripts compare them. */
final class ExitCodes {

    /** All of it is done. */
    static final int DONE = 0;

    /** Refused, or not all of it is done; the words say what and why. */
    static final int NOT_DONE = 1;

    /** The command cannot be meant so; nothing was tried. */
    static final int USAGE = 2;

    /** The service, or its database or broker, is away. */
    static final int NOT_REACHABLE = 3;

    /** The audit has found differences. */
    static final int DIFFERENCES = 4;

    private ExitCodes() {}
}
