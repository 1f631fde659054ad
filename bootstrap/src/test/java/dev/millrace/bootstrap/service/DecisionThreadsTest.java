package dev.millrace.bootstrap.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.ports.Unavailable;
import dev.millrace.ports.driven.Supervision.Taken;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;

final class DecisionThreadsTest {

    private static final Duration DEADLINE = Duration.ofMillis(200);
    private static final Duration NEVER = Duration.ofMinutes(1);

    private final List<VirtualMachineError> fatal = new CopyOnWriteArrayList<>();
    private final AtomicBoolean released = new AtomicBoolean();
    private final DecisionThreads threads = new DecisionThreads(2, fatal::add);

    @AfterEach
    void let_everything_go() {
        released.set(true);
        threads.close();
    }

    @Test
    void all_results_are_back_in_order_from_one_other_thread() {
        AtomicInteger next = new AtomicInteger();
        List<Thread> seen = new CopyOnWriteArrayList<>();

        Taken<Integer> taken =
                threads.take(
                        1_000,
                        NEVER,
                        () -> {
                            seen.add(Thread.currentThread());
                            return next.getAndIncrement();
                        });

        assertThat(taken.results()).isEqualTo(IntStream.range(0, 1_000).boxed().toList());
        assertThat(taken.stack()).isEmpty();
        assertThat(seen).containsOnly(seen.getFirst()).doesNotContain(Thread.currentThread());
    }

    @Test
    void slow_calls_that_are_back_in_time_may_take_long_together() {
        Taken<Integer> taken =
                threads.take(
                        8,
                        DEADLINE,
                        () -> {
                            pause(DEADLINE.dividedBy(2));
                            return 1;
                        });

        assertThat(taken.results()).hasSize(8);
        assertThat(threads.hanging()).isZero();
    }

    @Test
    void a_call_that_never_returns_costs_its_caller_the_deadline_and_is_told_where_it_hangs() {
        AtomicInteger calls = new AtomicInteger();
        long start = System.nanoTime();

        Taken<Integer> taken = threads.take(10, DEADLINE, hangingAfter(calls, 3));

        assertThat(taken.results()).containsExactly(1, 2, 3);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(DEADLINE);
        assertThat(taken.stack())
                .anyMatch(frame -> frame.getMethodName().equals("spin"))
                .anyMatch(frame -> frame.getClassName().endsWith("DecisionThreadsTest"));
        assertThat(threads.hanging()).isEqualTo(1);
        assertThat(threads.isLive()).isTrue();
        assertThat(threads.take(5, NEVER, () -> 7).results()).hasSize(5);
        assertThat(calls).hasValue(4);
    }

    @Test
    void past_the_bound_nobody_is_let_in_until_one_comes_back() {
        for (int i = 0; i < 2; i++) {
            assertThat(threads.take(1, DEADLINE, hangingAfter(new AtomicInteger(), 0)).results())
                    .isEmpty();
        }

        assertThat(threads.isLive()).isFalse();
        assertThatThrownBy(() -> threads.take(1, NEVER, () -> 1))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("restart");
        released.set(true);
        await(threads::isLive);
        assertThat(threads.take(1, NEVER, () -> 1).results()).containsExactly(1);
    }

    @Test
    void a_call_that_waits_for_something_is_woken_up_once() {
        CountDownLatch woken = new CountDownLatch(1);

        Taken<Integer> taken =
                threads.take(
                        1,
                        DEADLINE,
                        () -> {
                            try {
                                return new CountDownLatch(1).await(1, TimeUnit.HOURS) ? 1 : 2;
                            } catch (InterruptedException interrupted) {
                                woken.countDown();
                                return 3;
                            }
                        });

        assertThat(taken.results()).isEmpty();
        await(() -> woken.getCount() == 0 && threads.hanging() == 0);
    }

    @Test
    void a_bug_and_an_error_come_out_at_the_caller() {
        assertThatThrownBy(() ->
                        threads.take(
                                2,
                                NEVER,
                                () -> {
                                    throw new IllegalStateException("a bug");
                                }))
                .hasMessage("a bug");
        assertThatThrownBy(() ->
                        threads.take(
                                2,
                                NEVER,
                                () -> {
                                    throw new AssertionError("an error");
                                }))
                .hasMessage("an error");
        assertThat(fatal).isEmpty();
    }

    @Test
    void an_exhausted_memory_is_told_at_once_as_it_ends_the_process() {
        OutOfMemoryError exhausted = new OutOfMemoryError("a test");

        assertThatThrownBy(() ->
                        threads.take(
                                2,
                                NEVER,
                                () -> {
                                    throw exhausted;
                                }))
                .isSameAs(exhausted);

        assertThat(fatal).containsExactly(exhausted);
    }

    @Test
    void whoever_is_interrupted_does_not_wait_any_more() throws InterruptedException {
        List<Throwable> ends = new ArrayList<>();
        Thread caller =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                ends.add(
                                        new AssertionError(
                                                threads.take(
                                                        1,
                                                        NEVER,
                                                        hangingAfter(new AtomicInteger(), 0))));
                            } catch (Unavailable interrupted) {
                                ends.add(interrupted);
                            }
                        });
        caller.interrupt();
        caller.join();

        assertThat(ends).singleElement().isInstanceOf(Unavailable.class);
    }

    private Supplier<Integer> hangingAfter(AtomicInteger calls, int good) {
        return () -> {
            int call = calls.incrementAndGet();
            if (call > good) {
                spin();
            }
            return call;
        };
    }

    /** Hears no interruption. */
    private void spin() {
        while (!released.get()) {
            Thread.onSpinWait();
        }
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + NEVER.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    private static void pause(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
