package dev.millrace.ports.driving;

import java.time.Duration;

/** Brings entries into quarantine to the dead-letter topic. Used by one thread. */
@FunctionalInterface
public interface RelayDeadLetters {

    /**
     * Publishes a bounded number of them, if it is this process's turn; in an outage none.
     *
     * @return how long to wait before asking again
     */
    Duration relay();
}
