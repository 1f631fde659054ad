package dev.millrace.bootstrap.service;

import dev.millrace.domain.QuarantineLoad;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.driving.ReleaseEvents;
import dev.millrace.ports.usecase.ParkingSpace;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Has parked events of one subscription tried again, and tells when too many wait. Thread-safe. */
final class Releaser {

    private static final Logger LOG = LoggerFactory.getLogger(Releaser.class);

    /** A bug is not met again at once; the other keys have gone on meanwhile. */
    private static final Duration AFTER_BUG = Duration.ofSeconds(10);

    private final SubscriptionId subscription;
    private final ReleaseEvents releases;
    private final ParkingSpace space;
    private final Duration statisticsInterval;
    private boolean warned;
    private volatile Optional<QuarantineLoad> quarantined = Optional.empty();

    /**
     * @param space tells how much is parked
     * @param statisticsInterval how often quarantine is counted
     */
    Releaser(
            SubscriptionId subscription,
            ReleaseEvents releases,
            ParkingSpace space,
            Duration statisticsInterval) {
        this.subscription = subscription;
        this.releases = releases;
        this.space = space;
        this.statisticsInterval = statisticsInterval;
    }

    /** How much is in quarantine; none while nobody knows. */
    Optional<QuarantineLoad> quarantined() {
        return quarantined;
    }

    /** Releases until the service stops. */
    void release() throws InterruptedException {
        while (true) {
            Thread.sleep(releaseOnce());
            warn();
        }
    }

    private Duration releaseOnce() {
        try {
            return releases.release();
        } catch (RuntimeException bug) {
            LOG.error("a parked event of {} could not be tried again", subscription, bug);
            return AFTER_BUG;
        }
    }

    /** Once when a key's queue gets too long, and again only after it was shorter. */
    private void warn() {
        boolean beyond = space.isOneKeyBeyond();
        if (beyond && !warned) {
            LOG.warn(
                    "{} events of one key of {} wait behind the one that failed",
                    space.load().longest(),
                    subscription);
        }
        warned = beyond;
    }

    /** Counts quarantine until the service stops. */
    void count(Supplier<QuarantineLoad> count) throws InterruptedException {
        while (true) {
            try {
                quarantined = Optional.of(count.get());
            } catch (Unavailable outage) {
                quarantined = Optional.empty();
                LOG.debug("quarantine of {} is not counted: {}", subscription, outage.getMessage());
            }
            Thread.sleep(statisticsInterval);
        }
    }
}
