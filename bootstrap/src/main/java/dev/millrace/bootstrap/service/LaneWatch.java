package dev.millrace.bootstrap.service;

import dev.millrace.adapters.pulsar.driving.Lanes;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.operations.LanePause;
import dev.millrace.ports.usecase.operations.LaneReporting;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Optional;

/**
 * Tells what the lanes of one subscription do, again and again, and has them follow what people
 * want of them.
 */
final class LaneWatch {

    private static final Logger LOG = LoggerFactory.getLogger(LaneWatch.class);

    /** A lane follows within this, a look of its own and the end of its batch: two seconds. */
    private static final Duration INTERVAL = Duration.ofMillis(500);

    /** A bug is not met again at once. */
    private static final Duration AFTER_BUG = Duration.ofSeconds(10);

    private final SubscriptionId subscription;
    private final LaneReporting reporting;
    private final Lanes<?> lanes;
    private Optional<LanePause> told = Optional.empty();

    LaneWatch(SubscriptionId subscription, LaneReporting reporting, Lanes<?> lanes) {
        this.subscription = subscription;
        this.reporting = reporting;
        this.lanes = lanes;
    }

    /** Reports until it is interrupted. */
    void run() throws InterruptedException {
        while (true) {
            Duration pause = reportOnce();
            tell();
            Thread.sleep(pause);
        }
    }

    private Duration reportOnce() {
        try {
            reporting.report(lanes.reports());
            return INTERVAL;
        } catch (RuntimeException bug) {
            LOG.error("nothing could be told of the lanes of {}", subscription, bug);
            return AFTER_BUG;
        }
    }

    private void tell() {
        Optional<LanePause> wish = reporting.pause();
        if (!wish.equals(told)) {
            wish.ifPresentOrElse(
                    pause -> LOG.info("the lanes of {} are {}", subscription, pause),
                    () -> LOG.info("the lanes of {} are resumed", subscription));
        }
        told = wish;
    }
}
