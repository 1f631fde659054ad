package dev.millrace.bootstrap.metrics;

import dev.millrace.domain.flow.Bottleneck;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import java.util.function.Supplier;

/** What holds the flow up, as one series for each kind: 1 for the one it is, 0 for the others. */
public final class BottleneckGauges {

    private BottleneckGauges() {}

    /**
     * Registers the series of this process.
     *
     * @param now the last verdict
     */
    public static void register(MeterRegistry registry, Supplier<Bottleneck.Kind> now) {
        for (Bottleneck.Kind kind : Bottleneck.Kind.values()) {
            Gauge.builder("millrace.bottleneck", () -> now.get() == kind ? 1 : 0)
                    .description("1 for what holds the flow up, 0 for the others")
                    .tag("kind", kind.word())
                    .register(registry);
        }
    }
}
