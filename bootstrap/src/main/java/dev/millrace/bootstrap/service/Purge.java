package dev.millrace.bootstrap.service;

import dev.millrace.ports.Unavailable;
import dev.millrace.ports.driving.PurgeRecords;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Objects;
import java.util.function.DoubleSupplier;

/**
 * Lets records of one kind go from time to time. Each process goes at its own time, so that many
 * who started together do not purge together.
 */
final class Purge {

    private static final Logger LOG = LoggerFactory.getLogger(Purge.class);

    private final String what;
    private final PurgeRecords purge;
    private final Duration interval;
    private final DoubleSupplier random;

    /**
     * @param what goes, for a person
     */
    Purge(String what, PurgeRecords purge, Duration interval, DoubleSupplier random) {
        this.what = Objects.requireNonNull(what);
        this.purge = Objects.requireNonNull(purge);
        this.interval = Objects.requireNonNull(interval);
        this.random = Objects.requireNonNull(random);
    }

    /** Purges until it is interrupted. */
    void run() throws InterruptedException {
        while (true) {
            double share = 0.5 + random.getAsDouble() / 2;
            Thread.sleep(Duration.ofMillis((long) (interval.toMillis() * share)));
            once();
        }
    }

    private void once() {
        try {
            long purged = purge.purge();
            if (purged > 0) {
                LOG.info("let {} {} go", purged, what);
            }
        } catch (Unavailable outage) {
            LOG.warn("the purge of {} waits for its next time: {}", what, Words.of(outage));
        } catch (RuntimeException bug) {
            LOG.error("the purge of {} failed", what, bug);
        }
    }
}
