package dev.millrace.ports.operations.driving;

import java.time.Duration;

/** Drives the jobs that people have begun. Used by one thread. */
@FunctionalInterface
public interface DriveRedrives {

    /**
     * Does what is to be done now.
     *
     * @return how long to wait until the next call
     */
    Duration drive();
}
