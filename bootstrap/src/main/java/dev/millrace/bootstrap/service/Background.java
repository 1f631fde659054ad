package dev.millrace.bootstrap.service;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The few threads that the composition root starts: one for each thing that is brought up and one
 * for each thing that is done again and again. Closing interrupts them and waits until they have
 * ended. Thread-safe.
 */
final class Background implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Background.class);
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** What a thread does; interrupted when the service stops. */
    @FunctionalInterface
    interface Work {
        void run() throws InterruptedException;
    }

    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    private final StopRequest stop;

    /**
     * @param stop is told when a thread finds that the service cannot go on
     */
    Background(StopRequest stop) {
        this.stop = stop;
    }

    /** Starts something that ends by itself. */
    void start(String name, Work work) {
        Thread thread = Thread.ofVirtual().name(name).unstarted(() -> run(name, work));
        threads.add(thread);
        thread.start();
    }

    private void run(String name, Work work) {
        try {
            work.run();
        } catch (InterruptedException stopped) {
            LOG.debug("{} is interrupted, since the service stops", name);
        } catch (StartFailure failure) {
            stop.fail(failure);
        } catch (RuntimeException bug) {
            LOG.error("{} failed", name, bug);
            stop.fail(new StartFailure("The service cannot go on: " + bug.getMessage(), bug));
        }
    }

    @Override
    public void close() {
        threads.forEach(Thread::interrupt);
        try {
            for (Thread thread : threads) {
                if (!thread.join(PATIENCE)) {
                    LOG.warn("{} has not ended", thread.getName());
                }
            }
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
    }
}
