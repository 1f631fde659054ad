package dev.millrace.bootstrap.metrics;

import dev.millrace.domain.ParkedLoad;
import dev.millrace.domain.QuarantineLoad;
import dev.millrace.domain.SubscriptionId;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** What of one subscription waits, and for whom. */
public final class ParkedGauges {

    private static final double MILLIS = 1_000;

    private ParkedGauges() {}

    /**
     * Registers the series of a subscription.
     *
     * @param load what was parked when it was last looked at
     * @param quarantined how much was in quarantine when it was last looked at; none while nobody
     *     knows
     */
    public static void register(
            MeterRegistry registry,
            SubscriptionId subscription,
            Supplier<ParkedLoad> load,
            Supplier<Optional<QuarantineLoad>> quarantined) {
        Tags tags =
                Tags.of(
                        "tenant", subscription.tenant().value(),
                        "stream", subscription.stream().value(),
                        "subscription", subscription.name());
        gauge(
                registry,
                tags,
                "millrace.parked.events",
                "Events that wait",
                load,
                ParkedLoad::events);
        gauge(
                registry,
                tags,
                "millrace.parked.bytes",
                "Bytes of the payloads of events that wait",
                load,
                ParkedLoad::bytes);
        gauge(
                registry,
                tags,
                "millrace.parked.longest.events",
                "Events that wait in the longest queue of a key",
                load,
                ParkedLoad::longest);
        gauge(
                registry,
                tags,
                "millrace.parked.waiting.keys",
                "Keys that wait for a person",
                load,
                ParkedLoad::waitingKeys);
        gauge(
                registry,
                tags,
                "millrace.parked.keys",
                "Keys that have events that wait",
                load,
                ParkedLoad::keys);
        Gauge.builder("millrace.parked.oldest", () -> load.get().oldest().toMillis() / MILLIS)
                .description("How long ago the first event that waits was published")
                .baseUnit("seconds")
                .tags(tags)
                .register(registry);
        Gauge.builder(
                        "millrace.quarantine.events",
                        () -> known(quarantined.get(), QuarantineLoad::copies))
                .description("Copies in quarantine")
                .tags(tags)
                .register(registry);
        Gauge.builder(
                        "millrace.quarantine.oldest",
                        () -> known(quarantined.get(), now -> now.oldest().toMillis() / MILLIS))
                .description("How long the first of them has waited for a person")
                .baseUnit("seconds")
                .tags(tags)
                .register(registry);
    }

    /** Not a number while nobody knows. */
    private static double known(
            Optional<QuarantineLoad> load, ToDoubleFunction<QuarantineLoad> part) {
        return load.map(part::applyAsDouble).orElse(Double.NaN);
    }

    private static void gauge(
            MeterRegistry registry,
            Tags tags,
            String name,
            String description,
            Supplier<ParkedLoad> load,
            ToDoubleFunction<ParkedLoad> part) {
        Gauge.builder(name, () -> part.applyAsDouble(load.get()))
                .description(description)
                .tags(tags)
                .register(registry);
    }
}
