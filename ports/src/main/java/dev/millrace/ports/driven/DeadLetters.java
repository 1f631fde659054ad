package dev.millrace.ports.driven;

import dev.millrace.domain.DeadLetter;

import java.util.List;
import java.util.Set;

/** One subscription's dead-letter topic. Thread-safe. */
@FunctionalInterface
public interface DeadLetters {

    /**
     * Publishes letters in no order among them, and waits for the receipts.
     *
     * @return the quarantine IDs of those that the topic surely has; the others it may have
     * @throws dev.millrace.ports.Unavailable when it is not known to have any of them, and there
     *     are some
     */
    Set<Long> publish(List<DeadLetter> letters);
}
