package dev.millrace.stack;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for a condition that nobody announces. */
final class Waiting {
    private static final Duration STEP = Duration.ofMillis(25);

    private Waiting() {}

    /** Returns whether the condition came true within the bound. */
    static boolean until(Duration bound, BooleanSupplier condition) {
        long deadline = System.nanoTime() + bound.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            try {
                Thread.sleep(STEP);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new StackFailure("interrupted while waiting", e);
            }
        }
        return true;
    }
}
