package dev.millrace.bootstrap.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import java.util.function.IntSupplier;

/** How much of what a process has only so much of is in use. */
public final class CapacityGauges {

    private CapacityGauges() {}

    /**
     * Registers the series of decisions.
     *
     * @param hanging how many have not come back
     */
    public static void decisions(MeterRegistry registry, IntSupplier hanging) {
        Gauge.builder("millrace.decision.hanging.threads", hanging::getAsInt)
                .description("Decisions that have not come back")
                .register(registry);
    }

    /**
     * Registers the series of a gate.
     *
     * @param underWay how many events wait for the broker's receipt
     */
    public static void gate(MeterRegistry registry, IntSupplier underWay) {
        Gauge.builder("millrace.gate.under.way.events", underWay::getAsInt)
                .description("Events that wait for the broker's receipt")
                .register(registry);
    }
}
