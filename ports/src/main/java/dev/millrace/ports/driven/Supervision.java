package dev.millrace.ports.driven;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;

/**
 * Where the stream's code runs: off the caller's thread, each call within a deadline, so that one
 * that never returns costs its caller no more than that. Thread-safe.
 */
@FunctionalInterface
public interface Supervision {

    /**
     * Calls a supplier again and again, as long as each call is back in time.
     *
     * @param times how often
     * @param deadline of one call
     * @param turns called by one thread; not any more once this method has returned, but for the
     *     call that is not back
     * @throws dev.millrace.ports.Unavailable when as many threads hang as may
     * @throws Error that a call ended with, as of an exhausted memory
     */
    <T> Taken<T> take(int times, Duration deadline, Supplier<T> turns);

    /**
     * What came back.
     *
     * @param results in order; fewer than the times when one call was not back in time
     * @param stack what that call was doing, innermost first; empty when there was none
     */
    record Taken<T>(List<T> results, List<StackTraceElement> stack) {

        public Taken {
            results = List.copyOf(results);
            stack = List.copyOf(stack);
        }
    }
}
