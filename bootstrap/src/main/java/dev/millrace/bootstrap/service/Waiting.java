package dev.millrace.bootstrap.service;

import dev.millrace.domain.Backoff;
import dev.millrace.ports.Unavailable;
import java.time.Duration;
import java.util.function.DoubleSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tries until what is needed is there: an outage at the start is waited for like any other. */
final class Waiting {

    private static final Logger LOG = LoggerFactory.getLogger(Waiting.class);

    private final Backoff backoff;
    private final DoubleSupplier random;

    Waiting(Backoff backoff, DoubleSupplier random) {
        this.backoff = backoff;
        this.random = random;
    }

    /**
     * Runs a step until it gets through.
     *
     * @param what is waited for, for a person
     * @throws InterruptedException when the service stops meanwhile
     */
    void until(String what, Runnable step) throws InterruptedException {
        for (int failures = 1; ; failures++) {
            try {
                step.run();
                return;
            } catch (Unavailable outage) {
                Duration delay = backoff.delay(failures, random.getAsDouble());
                LOG.warn("waiting for {}: {}; trying again in {} ms", what, outage.getMessage(), delay.toMillis());
                Thread.sleep(delay);
            }
        }
    }
}
