package dev.millrace.e2e;

import dev.millrace.stack.Endpoints;

/**
 * A broker and a database of a test's own, to kill, to stop and to start again on their data and
 * under their old addresses. What they have confirmed survives that. Thread-safe.
 */
interface Stack extends AutoCloseable {

    Endpoints endpoints();

    /** SIGKILL; returns when it is dead. */
    void killBroker();

    /** Starts the broker that was killed; returns when it takes requests. */
    void startBroker();

    /** Stops the broker in order and starts it. */
    void restartBroker();

    /** It stands still, with all connections open and silent. */
    void suspendBroker();

    void resumeBroker();

    /** SIGKILL for all its processes; returns when they are dead. */
    void killPostgres();

    /** Starts the database that was killed; returns when it takes connections. */
    void startPostgres();

    /** It stands still, with all connections open and silent. */
    void suspendPostgres();

    void resumePostgres();

    @Override
    void close();
}
