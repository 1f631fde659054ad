package dev.millrace.bootstrap.metrics;

import dev.millrace.domain.AuditReport;
import dev.millrace.domain.Period;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.ports.driving.AuditNote;
import dev.millrace.ports.driving.AuditSubscription;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * What the last audit of each subscription came to, whoever asked for it; not a number before the
 * first. Thread-safe.
 */
public final class AuditGauges implements AuditSubscription {

    private final AuditSubscription audited;
    private final InstantSource clock;
    private final Map<SubscriptionId, Last> last = new HashMap<>();

    /** What one subscription's series show. */
    private static final class Last {
        volatile double differences = Double.NaN;
        volatile double endedAtSeconds = Double.NaN;
    }

    /**
     * Registers the series of these subscriptions.
     *
     * @param audited does the audits
     */
    public AuditGauges(
            MeterRegistry registry,
            List<SubscriptionId> subscriptions,
            AuditSubscription audited,
            InstantSource clock) {
        this.audited = Objects.requireNonNull(audited);
        this.clock = Objects.requireNonNull(clock);
        for (SubscriptionId subscription : subscriptions) {
            Last shown = new Last();
            last.put(subscription, shown);
            Tags tags =
                    Tags.of(
                            "tenant", subscription.tenant().value(),
                            "stream", subscription.stream().value(),
                            "subscription", subscription.name());
            Gauge.builder("millrace.audit.differences", () -> shown.differences)
                    .description("Differences that the last audit found")
                    .tags(tags)
                    .register(registry);
            Gauge.builder("millrace.audit.ended.time.seconds", () -> shown.endedAtSeconds)
                    .description("When the last audit came to its end, in seconds since 1970")
                    .tags(tags)
                    .register(registry);
        }
    }

    @Override
    public AuditReport audit(
            SubscriptionId subscription, Period period, Consumer<AuditNote> notes) {
        AuditReport report = audited.audit(subscription, period, notes);
        Last shown = last.get(subscription);
        if (shown != null) {
            Instant now = clock.instant();
            shown.differences = report.differences();
            shown.endedAtSeconds = now.getEpochSecond();
        }
        return report;
    }
}
