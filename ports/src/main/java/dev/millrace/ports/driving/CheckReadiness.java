package dev.millrace.ports.driving;

import dev.millrace.ports.Condition;

import java.util.List;

/**
 * Tells whether this process can do its work. Thread-safe and quick: it answers from what is known,
 * it asks nobody.
 */
@FunctionalInterface
public interface CheckReadiness {

    /**
     * Checks every role.
     *
     * @return every condition, met or not
     */
    List<Condition> check();
}
