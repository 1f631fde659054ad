package dev.millrace.bootstrap.metrics;

import dev.millrace.domain.OutboxLoad;
import dev.millrace.domain.SubscriptionId;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

import java.util.function.Supplier;

/** What of one subscription's quarantine the dead-letter topic does not have yet. */
public final class OutboxGauges {

    private static final double MILLIS = 1_000;

    private OutboxGauges() {}

    /**
     * Registers the series of a subscription.
     *
     * @param load what it was when it was last looked at
     */
    public static void register(
            MeterRegistry registry, SubscriptionId subscription, Supplier<OutboxLoad> load) {
        Tags tags =
                Tags.of(
                        "tenant", subscription.tenant().value(),
                        "stream", subscription.stream().value(),
                        "subscription", subscription.name());
        Gauge.builder("millrace.outbox.events", () -> load.get().events())
                .description("Entries into quarantine that are still to be published")
                .tags(tags)
                .register(registry);
        Gauge.builder("millrace.outbox.oldest", () -> load.get().oldest().toMillis() / MILLIS)
                .description("How long the oldest of them has waited")
                .baseUnit("seconds")
                .tags(tags)
                .register(registry);
    }
}
