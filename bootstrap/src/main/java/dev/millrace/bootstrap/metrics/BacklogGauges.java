package dev.millrace.bootstrap.metrics;

import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.flow.Backlog;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** What of one subscription the broker still keeps; not a number while it does not tell. */
public final class BacklogGauges {

    private BacklogGauges() {}

    /**
     * Registers the series of a subscription.
     *
     * @param backlog what it was when the broker was last asked
     * @param deadLetters how many the inspection of the dead-letter topic had before it then
     */
    public static void register(
            MeterRegistry registry,
            SubscriptionId subscription,
            Supplier<Backlog> backlog,
            DoubleSupplier deadLetters) {
        Tags tags =
                Tags.of(
                        "tenant", subscription.tenant().value(),
                        "stream", subscription.stream().value(),
                        "subscription", subscription.name());
        gauge(
                registry,
                tags,
                "millrace.subscription.backlog.entries",
                "Entries without an acknowledgement, as the broker counts them",
                backlog,
                Backlog::entries);
        gauge(
                registry,
                tags,
                "millrace.subscription.backlog.events.estimate",
                "About how many events that is, from how many an entry has held so far",
                backlog,
                Backlog::events);
        Gauge.builder("millrace.subscription.backlog.age", () -> backlog.get().ageSeconds())
                .description("How long ago the oldest unacknowledged event was published")
                .baseUnit("seconds")
                .tags(tags)
                .register(registry);
        Gauge.builder("millrace.dead.letters", deadLetters::getAsDouble)
                .description(
                        "Dead letters that nobody has acknowledged on the topic's subscription"
                                + " inspect")
                .tags(tags)
                .register(registry);
    }

    private static void gauge(
            MeterRegistry registry,
            Tags tags,
            String name,
            String description,
            Supplier<Backlog> backlog,
            ToDoubleFunction<Backlog> part) {
        Gauge.builder(name, () -> part.applyAsDouble(backlog.get()))
                .description(description)
                .tags(tags)
                .register(registry);
    }
}
