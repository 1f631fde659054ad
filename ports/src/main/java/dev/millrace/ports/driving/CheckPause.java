package dev.millrace.ports.driving;

import java.util.Optional;

/** Tells lanes whether a person wants them to pause. Thread-safe, and costs nothing to ask. */
@FunctionalInterface
public interface CheckPause {

    /** What to do instead of receiving; empty while nobody wants a pause. */
    Optional<Instruction.Hold> check();
}
