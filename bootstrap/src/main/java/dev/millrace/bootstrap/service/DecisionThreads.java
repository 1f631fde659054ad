package dev.millrace.bootstrap.service;

import dev.millrace.ports.Unavailable;
import dev.millrace.ports.driven.Supervision;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The threads on which the stream's rules decide: one for each run of events under way, and those
 * that hang. A call that overran its deadline is interrupted once and then left alone; when it
 * comes back after all, its thread is free again. Past the bound of those that hang nobody is let
 * in, and the process says that it is not live. Thread-safe.
 *
 * <p>They are the platform's own threads: rules that never return would keep a virtual one's
 * carrier for ever, of which there are no more than processors.
 */
final class DecisionThreads implements Supervision, AutoCloseable {

    /**
     * Time is measured by waiting for parts of the deadline: a whole process that was stopped for a
     * while is not taken for a decision that hangs.
     */
    private static final int PARTS = 4;

    /** The progress of a run that has no thread yet: that is not its fault. */
    private static final int WAITING = -1;

    private final int maxHanging;
    private final Consumer<VirtualMachineError> fatal;
    private final AtomicInteger hanging = new AtomicInteger();
    private final ExecutorService threads =
            Executors.newCachedThreadPool(
                    Thread.ofPlatform().daemon().name("decision-", 0).factory());

    /**
     * @param maxHanging how many may hang at once
     * @param fatal is told of an error of the machine itself, on the thread that met it
     */
    DecisionThreads(int maxHanging, Consumer<VirtualMachineError> fatal) {
        this.maxHanging = maxHanging;
        this.fatal = fatal;
    }

    /** How many hang now. */
    int hanging() {
        return hanging.get();
    }

    /** Whether one more could hang without harm. */
    boolean isLive() {
        return hanging() < maxHanging;
    }

    @Override
    public <T> Taken<T> take(int times, Duration deadline, Supplier<T> turns) {
        if (!isLive()) {
            throw new Unavailable(
                    hanging() + " decisions hang, and no more may: restart this process");
        }
        Course<T> course = new Course<>(times, turns);
        threads.execute(course);
        try {
            return course.isBackInTime(deadline)
                    ? new Taken<>(course.whole(), List.of())
                    : course.abandon();
        } catch (InterruptedException stopped) {
            var _ = course.abandon();
            Thread.currentThread().interrupt();
            throw new Unavailable("interrupted while decisions were taken", stopped);
        }
    }

    @Override
    public void close() {
        var _ = threads.shutdownNow();
    }

    /** One run of calls. */
    private final class Course<T> implements Runnable {
        private final int times;
        private final Supplier<T> turns;
        private final CountDownLatch end = new CountDownLatch(1);
        private final List<T> results;
        private @Nullable Thread thread;
        private @Nullable Throwable broken;
        private boolean abandoned;
        private boolean ended;

        Course(int times, Supplier<T> turns) {
            this.times = times;
            this.turns = turns;
            this.results = new ArrayList<>(times);
        }

        @Override
        public void run() {
            begin();
            try {
                boolean wanted = true;
                for (int i = 0; i < times && wanted; i++) {
                    wanted = note(turns.get());
                }
            } catch (StackOverflowError | RuntimeException bug) {
                breakOff(bug);
            } catch (VirtualMachineError error) {
                fatal.accept(error);
                breakOff(error);
            } catch (Error error) {
                breakOff(error);
            } finally {
                end();
            }
        }

        private synchronized void begin() {
            thread = Thread.currentThread();
        }

        private synchronized boolean note(T result) {
            if (!abandoned) {
                results.add(result);
            }
            return !abandoned;
        }

        private synchronized void breakOff(Throwable why) {
            broken = why;
        }

        private void end() {
            synchronized (this) {
                ended = true;
                if (abandoned) {
                    hanging.decrementAndGet();
                }
            }
            end.countDown();
        }

        /** Whether all calls are back, none of which took longer than the deadline. */
        boolean isBackInTime(Duration deadline) throws InterruptedException {
            long part = Math.max(1, deadline.toNanos() / PARTS);
            int seen = WAITING;
            int still = 0;
            while (!end.await(part, TimeUnit.NANOSECONDS)) {
                int now = progress();
                still = now == seen && now != WAITING ? still + 1 : 0;
                seen = now;
                if (still >= PARTS) {
                    return false;
                }
            }
            return true;
        }

        /** How far it is. */
        private synchronized int progress() {
            return thread == null ? WAITING : results.size();
        }

        /** All results of a run that has ended. */
        synchronized List<T> whole() {
            return switch (broken) {
                case RuntimeException bug -> throw bug;
                case Error error -> throw error;
                case null, default -> results;
            };
        }

        /** What came back before the call that hangs, unless it came back this moment. */
        synchronized Taken<T> abandon() {
            if (ended) {
                return new Taken<>(whole(), List.of());
            }
            abandoned = true;
            hanging.incrementAndGet();
            Thread stuck = thread;
            List<StackTraceElement> stack =
                    stuck == null ? List.of() : List.of(stuck.getStackTrace());
            if (stuck != null) {
                stuck.interrupt();
            }
            return new Taken<>(results, stack);
        }
    }
}
