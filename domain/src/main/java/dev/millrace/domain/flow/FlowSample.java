package dev.millrace.domain.flow;

import java.time.Instant;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * A few figures of one moment, to be drawn over time; not a number where nobody knew.
 *
 * @param at when they were taken
 * @param acceptedRate events per second that the gate accepted
 * @param appliedRate events per second that took effect, for all subscriptions
 * @param backlogEntries of all subscriptions, as the broker counts them
 * @param lagP99Seconds of the subscription that is worst
 * @param publishP99Seconds of the gate
 */
public record FlowSample(
        Instant at,
        double acceptedRate,
        double appliedRate,
        double backlogEntries,
        double lagP99Seconds,
        double publishP99Seconds) {

    public FlowSample {
        Objects.requireNonNull(at);
    }

    /** The figures of a flow. */
    public static FlowSample of(Instant at, Flow flow) {
        return new FlowSample(
                at,
                flow.gate().stream()
                        .mapToDouble(GateFlow::acceptedRate)
                        .findFirst()
                        .orElse(Double.NaN),
                sum(flow, each -> each.progress().appliedRate()),
                sum(flow, each -> each.backlog().entries()),
                flow.subscriptions().stream()
                        .mapToDouble(each -> each.lag().p99Seconds())
                        .filter(lag -> !Double.isNaN(lag))
                        .max()
                        .orElse(Double.NaN),
                flow.gate().stream()
                        .mapToDouble(gate -> gate.publish().p99Seconds())
                        .findFirst()
                        .orElse(Double.NaN));
    }

    /** Not a number when one part is none: part of a sum would look like all of it. */
    private static double sum(Flow flow, ToDoubleFunction<SubscriptionFlow> part) {
        return flow.subscriptions().isEmpty()
                ? Double.NaN
                : flow.subscriptions().stream().mapToDouble(part).reduce(0, Double::sum);
    }
}
