package dev.millrace.bootstrap.metrics;

import dev.millrace.domain.SubscriptionId;
import dev.millrace.ports.Unavailable;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Objects;
import java.util.function.ToLongFunction;

/**
 * The backlog of one subscription as the broker counts it; not a number while the broker does not
 * tell.
 */
public final class BacklogGauge {

    private static final Logger LOG = LoggerFactory.getLogger(BacklogGauge.class);

    private final SubscriptionId subscription;
    private volatile double entries = Double.NaN;

    public BacklogGauge(MeterRegistry registry, SubscriptionId subscription) {
        this.subscription = Objects.requireNonNull(subscription);
        Gauge.builder("millrace.subscription.backlog.entries", () -> entries)
                .description("Entries without an acknowledgement, as the broker counts them")
                .tag("tenant", subscription.tenant().value())
                .tag("stream", subscription.stream().value())
                .tag("subscription", subscription.name())
                .register(registry);
    }

    /**
     * Asks again and again.
     *
     * @param backlog asks the broker, and throws {@link Unavailable} when it does not tell
     * @throws InterruptedException when the service stops
     */
    public void follow(ToLongFunction<SubscriptionId> backlog, Duration interval)
            throws InterruptedException {
        while (true) {
            try {
                entries = backlog.applyAsLong(subscription);
            } catch (Unavailable outage) {
                entries = Double.NaN;
                LOG.debug("the backlog of {} is unknown: {}", subscription, outage.getMessage());
            }
            Thread.sleep(interval);
        }
    }
}
