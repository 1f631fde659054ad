package dev.millrace.bootstrap.metrics;

import dev.millrace.domain.SubscriptionId;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * What each lane is doing, as one series for each state: 1 for the state that it is in, 0 for the
 * others.
 */
public final class LaneGauges {

    private LaneGauges() {}

    /**
     * Registers the series of a subscription's lanes.
     *
     * @param states that there are
     * @param now the state of each lane, in the order of their numbers
     */
    public static <T extends Enum<T>> void register(
            MeterRegistry registry,
            SubscriptionId subscription,
            int lanes,
            List<T> states,
            Supplier<List<T>> now) {
        for (int lane = 0; lane < lanes; lane++) {
            int number = lane;
            for (T state : states) {
                Gauge.builder("millrace.lane.state", () -> now.get().get(number) == state ? 1 : 0)
                        .description("1 for the state that a lane is in, 0 for the others")
                        .tag("tenant", subscription.tenant().value())
                        .tag("stream", subscription.stream().value())
                        .tag("subscription", subscription.name())
                        .tag("lane", Integer.toString(number))
                        .tag("state", state.name().toLowerCase(Locale.ROOT))
                        .register(registry);
            }
        }
    }
}
