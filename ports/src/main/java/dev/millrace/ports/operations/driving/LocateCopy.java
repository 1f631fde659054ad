package dev.millrace.ports.operations.driving;

import dev.millrace.domain.Position;
import dev.millrace.domain.TopicCopy;

import java.util.Optional;

/** Tells which copy lies where in a stream's topic. Thread-safe. */
@FunctionalInterface
public interface LocateCopy {

    /**
     * Looks one place up.
     *
     * @return the copy; empty when the topic has none there, or not any more
     * @throws dev.millrace.ports.Unavailable when the broker is away
     */
    Optional<TopicCopy> locate(Position position);
}
