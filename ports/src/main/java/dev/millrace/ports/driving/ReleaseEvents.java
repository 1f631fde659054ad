package dev.millrace.ports.driving;

import java.time.Duration;

/** Tries parked events again when their time has come. Thread-safe. */
@FunctionalInterface
public interface ReleaseEvents {

    /**
     * Tries what is due now, in bounded steps; in an outage nothing.
     *
     * @return how long to wait before asking again
     */
    Duration release();
}
