package dev.millrace.ports.operations.driving;

import java.time.Duration;

/** Drives the replays of one subscription that people have begun. Used by one thread. */
@FunctionalInterface
public interface DriveReplays {

    /**
     * Does what is to be done now.
     *
     * @return how long to wait until the next call
     */
    Duration drive();
}
