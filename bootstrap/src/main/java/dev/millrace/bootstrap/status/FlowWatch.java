package dev.millrace.bootstrap.status;

import dev.millrace.bootstrap.metrics.Distribution;
import dev.millrace.bootstrap.metrics.GateTally;
import dev.millrace.bootstrap.metrics.MicrometerMeasurements;
import dev.millrace.bootstrap.metrics.ProcessingTally;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.flow.Flow;
import dev.millrace.domain.flow.FlowHistory;
import dev.millrace.domain.flow.FlowSample;
import dev.millrace.domain.flow.GateFlow;
import dev.millrace.domain.flow.Latency;
import dev.millrace.domain.flow.Progress;
import dev.millrace.domain.flow.SubscriptionFlow;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/**
 * Looks at the flow once a second: rates and percentiles are those of the last ten seconds, a
 * sample is kept every five seconds for a quarter of an hour. The hot path knows nothing of it: it
 * compares counts that are there anyway. Thread-safe.
 */
public final class FlowWatch {

    private static final Duration WINDOW = Duration.ofSeconds(10);
    private static final Duration SAMPLE_INTERVAL = Duration.ofSeconds(5);
    private static final int SAMPLES = 180;
    private static final double NANOS = 1e9;

    private final FlowSources sources;
    private final MicrometerMeasurements measurements;
    private final InstantSource clock;
    private final Deque<Counts> window = new ArrayDeque<>();
    private final Deque<FlowSample> samples = new ArrayDeque<>();

    /** All counts of one moment. */
    private record Counts(
            Instant at,
            Map<StreamName, GateTally> gates,
            Map<SubscriptionId, ProcessingTally> subscriptions) {}

    public FlowWatch(
            FlowSources sources, MicrometerMeasurements measurements, InstantSource clock) {
        this.sources = Objects.requireNonNull(sources);
        this.measurements = Objects.requireNonNull(measurements);
        this.clock = Objects.requireNonNull(clock);
    }

    /** Looks; to be called about once a second. */
    public synchronized Flow look() {
        Counts now = count();
        window.addLast(now);
        while (window.size() > 2 && isUpTo(secondOldest(), now.at().minus(WINDOW))) {
            window.removeFirst();
        }
        Counts before = window.getFirst();
        Duration length = Duration.between(before.at(), now.at());
        // Of no time, or of a clock that was set back, there are no rates.
        double seconds = length.isPositive() ? length.toNanos() / NANOS : Double.NaN;
        Flow flow =
                new Flow(
                        gates(before, now, seconds),
                        subscriptions(before, now, seconds),
                        sources.database());
        sample(now.at(), flow);
        return flow;
    }

    /** What is kept of the last quarter of an hour. */
    public synchronized FlowHistory history() {
        return new FlowHistory(SAMPLE_INTERVAL, List.copyOf(samples));
    }

    private Counts count() {
        Map<StreamName, GateTally> gates = new HashMap<>();
        sources.gates()
                .forEach(gate ->
                        measurements
                                .tally(gate.stream())
                                .ifPresent(tally -> gates.put(gate.stream(), tally)));
        Map<SubscriptionId, ProcessingTally> subscriptions = new HashMap<>();
        sources.subscriptions()
                .forEach(each ->
                        measurements
                                .tally(each.id())
                                .ifPresent(tally -> subscriptions.put(each.id(), tally)));
        return new Counts(clock.instant(), gates, subscriptions);
    }

    private Counts secondOldest() {
        return window.stream().skip(1).findFirst().orElseThrow();
    }

    private static boolean isUpTo(Counts counts, Instant time) {
        return !counts.at().isAfter(time);
    }

    private void sample(Instant at, Flow flow) {
        if (samples.isEmpty() || !at.isBefore(samples.getLast().at().plus(SAMPLE_INTERVAL))) {
            samples.addLast(FlowSample.of(at, flow));
        }
        while (samples.size() > SAMPLES) {
            samples.removeFirst();
        }
    }

    /** One for all streams, since they share the gate's room and its broker. */
    private List<GateFlow> gates(Counts before, Counts now, double seconds) {
        List<FlowSources.GateSource> gates =
                sources.gates().stream()
                        .filter(gate -> now.gates().containsKey(gate.stream()))
                        .toList();
        if (gates.isEmpty()) {
            return List.of();
        }
        Rates<StreamName, GateTally> rates = new Rates<>(before.gates(), now.gates(), seconds);
        FlowSources.GateSource any = gates.getFirst();
        return List.of(
                new GateFlow(
                        rates.of(GateTally::accepted),
                        rates.of(tally -> tally.all() - tally.accepted()),
                        rates.of(GateTally::throttled),
                        rates.of(GateTally::unstored),
                        now.gates().entrySet().stream()
                                .map(each ->
                                        each.getValue()
                                                .published()
                                                .since(
                                                        before.gates()
                                                                .getOrDefault(
                                                                        each.getKey(),
                                                                        each.getValue())
                                                                .published()))
                                .reduce(Distribution::plus)
                                .map(FlowWatch::latency)
                                .orElse(Latency.UNKNOWN),
                        any.inFlight().getAsLong(),
                        any.limit(),
                        gates.stream().allMatch(gate -> gate.brokerTakes().getAsBoolean())));
    }

    private List<SubscriptionFlow> subscriptions(Counts before, Counts now, double seconds) {
        List<SubscriptionFlow> flows = new ArrayList<>();
        for (SubscriptionSources source : sources.subscriptions()) {
            ProcessingTally last = now.subscriptions().get(source.id());
            if (last == null) {
                flows.add(source.flow(Progress.UNKNOWN, Latency.UNKNOWN, Latency.UNKNOWN));
            } else {
                ProcessingTally first = before.subscriptions().getOrDefault(source.id(), last);
                flows.add(flow(source, first, last, seconds));
            }
        }
        return flows;
    }

    private static SubscriptionFlow flow(
            SubscriptionSources source,
            ProcessingTally first,
            ProcessingTally last,
            double seconds) {
        Distribution transaction = last.transaction().since(first.transaction());
        return source.flow(
                new Progress(
                        (last.applied() - first.applied()) / seconds,
                        (last.rejected() - first.rejected()) / seconds,
                        transaction.sumSeconds() / seconds,
                        (last.followersOfLargestKey() - first.followersOfLargestKey())
                                / (last.followers() - first.followers())),
                latency(last.lag().since(first.lag())),
                latency(transaction));
    }

    private static Latency latency(Distribution distribution) {
        return new Latency(distribution.quantile(0.5), distribution.quantile(0.99));
    }

    /** The sum of what many were counted for, per second; not a number at the first look. */
    private record Rates<K, T>(Map<K, T> before, Map<K, T> now, double seconds) {
        double of(ToDoubleFunction<T> count) {
            return now.entrySet().stream()
                            .mapToDouble(each ->
                                    count.applyAsDouble(each.getValue())
                                            - count.applyAsDouble(
                                                    before.getOrDefault(
                                                            each.getKey(), each.getValue())))
                            .sum()
                    / seconds;
        }
    }
}
