package dev.millrace.ports.contract;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.ports.Unavailable;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * How a contract takes away what an implementation stands on. An adapter may do it in any way that
 * its library takes for an outage; a fake has a switch.
 */
public interface Outage {

    /** From now on the outside is away. */
    void makeUnavailable();

    /** The outside is back: the next call works, or one soon after it. */
    void makeAvailable();

    /** Each call says that it is unavailable. They are made at once, as each may wait first. */
    static void isSaidBy(List<Callable<?>> calls) {
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> answers = calls.stream().<Future<?>>map(callers::submit).toList();
            for (Future<?> answer : answers) {
                assertThatThrownBy(answer::get).hasCauseInstanceOf(Unavailable.class);
            }
        }
    }
}
