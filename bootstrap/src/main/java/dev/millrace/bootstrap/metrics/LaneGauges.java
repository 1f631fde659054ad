package dev.millrace.bootstrap.metrics;

import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.operations.LaneState;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * What each lane is doing, as one series for each state: 1 for the state that it is in, 0 for the
 * others.
 */
public final class LaneGauges {

    private LaneGauges() {}

    /**
     * Registers the series of what holds all lanes of a subscription in this process.
     *
     * @param open whether an outage is known and not yet over
     */
    public static void breaker(
            MeterRegistry registry, SubscriptionId subscription, BooleanSupplier open) {
        Gauge.builder("millrace.breaker.open", () -> open.getAsBoolean() ? 1 : 0)
                .description("1 while an outage holds the lanes, 0 otherwise")
                .tag("tenant", subscription.tenant().value())
                .tag("stream", subscription.stream().value())
                .tag("subscription", subscription.name())
                .register(registry);
    }

    /**
     * Registers the series of a subscription's lanes.
     *
     * @param now the state of each lane, in the order of their numbers
     */
    public static void register(
            MeterRegistry registry,
            SubscriptionId subscription,
            int lanes,
            Supplier<List<LaneState>> now) {
        for (int lane = 0; lane < lanes; lane++) {
            int number = lane;
            for (LaneState state : LaneState.values()) {
                Gauge.builder("millrace.lane.state", () -> now.get().get(number) == state ? 1 : 0)
                        .description("1 for the state that a lane is in, 0 for the others")
                        .tag("tenant", subscription.tenant().value())
                        .tag("stream", subscription.stream().value())
                        .tag("subscription", subscription.name())
                        .tag("lane", Integer.toString(number))
                        .tag("state", state.word())
                        .register(registry);
            }
        }
    }
}
