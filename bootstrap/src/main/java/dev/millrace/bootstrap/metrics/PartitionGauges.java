package dev.millrace.bootstrap.metrics;

import dev.millrace.domain.StreamName;
import dev.millrace.domain.Tenant;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

import java.util.OptionalInt;
import java.util.function.Supplier;

/**
 * How many partitions a topic has, as declared and as the broker says: two series that differ when
 * somebody has changed it.
 */
public final class PartitionGauges {

    private PartitionGauges() {}

    /**
     * Registers the two series of a stream's topic.
     *
     * @param actual what the broker said last; not a number while it has not
     */
    public static void register(
            MeterRegistry registry,
            Tenant tenant,
            StreamName stream,
            int declared,
            Supplier<OptionalInt> actual) {
        Tags tags = Tags.of("tenant", tenant.value(), "stream", stream.value());
        register(registry, tags.and("kind", "declared"), () -> declared);
        register(
                registry,
                tags.and("kind", "actual"),
                () -> {
                    OptionalInt found = actual.get();
                    return found.isPresent() ? found.getAsInt() : Double.NaN;
                });
    }

    private static void register(MeterRegistry registry, Tags tags, Supplier<Number> value) {
        Gauge.builder("millrace.topic.partitions", value)
                .description("Partitions of a topic: declared by this gate, and actual")
                .tags(tags)
                .register(registry);
    }
}
