package dev.millrace.benchmarks;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How this process ends: at the first Ctrl-C or SIGTERM the main thread is asked to, and the
 * process waits until that has stopped everything in order. One for each process.
 */
final class Ending {

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);
    private final AtomicReference<Runnable> interruption = new AtomicReference<>(() -> {});

    private volatile int status = 1;

    Ending() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::endInOrder, "ending"));
    }

    private void endInOrder() {
        asked.countDown();
        interruption.getAndSet(() -> {}).run();
        try {
            done.await();
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
        // Without this the exit status would speak of the signal, although everything ended as
        // asked.
        Runtime.getRuntime().halt(status);
    }

    /** Does something that may take long and is given up when the process should end. */
    <T> T interruptibly(Callable<T> work) throws Exception {
        Thread worker = Thread.currentThread();
        interruption.set(worker::interrupt);
        try {
            if (isAsked()) {
                throw new InterruptedException("asked to end");
            }
            return work.call();
        } finally {
            interruption.set(() -> {});
        }
    }

    /** Waits; answers whether it is time to end. */
    boolean await(Duration time) throws InterruptedException {
        return asked.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    boolean isAsked() {
        return asked.getCount() == 0;
    }

    /** Everything is stopped; the process may end with this status. */
    int done(int exitStatus) {
        status = exitStatus;
        done.countDown();
        return exitStatus;
    }
}
