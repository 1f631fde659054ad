package dev.millrace.bootstrap.status;

import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.flow.Backlog;
import dev.millrace.ports.Unavailable;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Asks the broker again and again what of one subscription it still keeps; not a number while it
 * does not tell. Thread-safe.
 */
public final class BacklogWatch {

    private static final Logger LOG = LoggerFactory.getLogger(BacklogWatch.class);

    private final SubscriptionId subscription;
    private volatile Backlog backlog = Backlog.UNKNOWN;
    private volatile double deadLetters = Double.NaN;

    public BacklogWatch(SubscriptionId subscription) {
        this.subscription = Objects.requireNonNull(subscription);
    }

    /** What it was when the broker was last asked. */
    public Backlog backlog() {
        return backlog;
    }

    /** How many dead letters nobody had acknowledged then. */
    public double deadLetters() {
        return deadLetters;
    }

    /**
     * Asks until it is interrupted.
     *
     * @param askBacklog asks the broker, and throws {@link Unavailable} when it does not tell
     * @param askDeadLetters likewise
     * @throws InterruptedException when the service stops
     */
    public void follow(
            Function<SubscriptionId, Backlog> askBacklog,
            ToLongFunction<SubscriptionId> askDeadLetters,
            Duration interval)
            throws InterruptedException {
        while (true) {
            try {
                backlog = askBacklog.apply(subscription);
                deadLetters = askDeadLetters.applyAsLong(subscription);
            } catch (Unavailable outage) {
                backlog = Backlog.UNKNOWN;
                deadLetters = Double.NaN;
                LOG.debug("the backlog of {} is unknown: {}", subscription, outage.getMessage());
            }
            Thread.sleep(interval);
        }
    }
}
