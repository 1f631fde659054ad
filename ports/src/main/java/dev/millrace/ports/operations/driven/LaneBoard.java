package dev.millrace.ports.operations.driven;

import dev.millrace.domain.operations.LaneOverview;
import dev.millrace.domain.operations.LanePause;
import dev.millrace.domain.operations.LaneReport;
import dev.millrace.domain.operations.Pausing;
import dev.millrace.domain.operations.Resuming;
import dev.millrace.domain.operations.Signature;
import dev.millrace.domain.operations.SubscriptionName;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What the lanes of all processes do, and what people want of them, in one tenant's namespace.
 * Thread-safe, and shared by all processes. Each method throws {@link
 * dev.millrace.ports.Unavailable} when the database is away.
 */
public interface LaneBoard {

    /** A process that has been silent for so long is not shown any more. */
    Duration SILENCE = Duration.ofSeconds(10);

    /**
     * Says what the lanes of one process do, in place of what it said before.
     *
     * @param process the name of the process, which no other one has
     * @param lanes each under a number of its own; none of them ever goes away
     * @return whether the lanes are to pause, and on whose account
     */
    Optional<LanePause> report(
            SubscriptionName subscription, String process, List<LaneReport> lanes);

    /** The lanes of a process have ended in order. */
    void leave(SubscriptionName subscription, String process);

    /** What the lanes do and are to do. */
    LaneOverview overview();

    /** Has the lanes of a subscription pause, now and after any restart. */
    Pausing pause(SubscriptionName subscription, Signature signature);

    /** Has them go on. */
    Resuming resume(SubscriptionName subscription, Signature signature);
}
