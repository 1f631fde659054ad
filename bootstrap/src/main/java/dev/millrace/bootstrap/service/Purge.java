package dev.millrace.bootstrap.service;

import dev.millrace.bootstrap.metrics.PurgeMeters;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.driving.PurgeRecords;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.time.InstantSource;
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
    private final PurgeMeters meters;
    private final Duration interval;
    private final InstantSource clock;
    private final DoubleSupplier random;

    /**
     * @param what goes, for a person
     * @param meters told of each purge that has come to its end
     */
    Purge(
            String what,
            PurgeRecords purge,
            PurgeMeters meters,
            Duration interval,
            InstantSource clock,
            DoubleSupplier random) {
        this.what = Objects.requireNonNull(what);
        this.purge = Objects.requireNonNull(purge);
        this.meters = Objects.requireNonNull(meters);
        this.clock = Objects.requireNonNull(clock);
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
            meters.ended(purged, clock.instant());
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
