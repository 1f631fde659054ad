package dev.millrace.adapters.pulsar.driving;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Tells lanes to stop. Lanes are never interrupted, because an interrupted receive of the broker's
 * client swallows the next batch. Thread-safe.
 */
final class StopSignal {

    private final CountDownLatch given = new CountDownLatch(1);

    void give() {
        given.countDown();
    }

    boolean isGiven() {
        return given.getCount() == 0;
    }

    /** Waits this long, or until the signal is given; answers whether it was. */
    boolean await(Duration patience) {
        try {
            return given.await(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException bug) {
            throw new IllegalStateException("lanes are not interrupted", bug);
        }
    }

    /** Waits for the signal, however long that takes. */
    void await() {
        try {
            given.await();
        } catch (InterruptedException bug) {
            throw new IllegalStateException("lanes are not interrupted", bug);
        }
    }
}
