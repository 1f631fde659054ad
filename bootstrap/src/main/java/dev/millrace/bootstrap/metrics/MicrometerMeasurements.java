package dev.millrace.bootstrap.metrics;

import dev.millrace.domain.Fate;
import dev.millrace.domain.Outcome;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.flow.BatchShape;
import dev.millrace.ports.driven.Measurements;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.function.Function;

/** The engine's measurements on Micrometer. */
public final class MicrometerMeasurements implements Measurements {

    private static final List<String> RESULTS =
            List.of(
                    "accepted",
                    "invalid",
                    "aborted",
                    "throttled",
                    "too_large",
                    "not_stored",
                    "unknown");
    private static final List<String> OUTCOMES =
            List.of(
                    "applied",
                    "rejected",
                    "duplicate",
                    "conflict",
                    "parked",
                    "quarantined",
                    "redelivered");
    private static final List<String> RELEASES =
            List.of("applied", "rejected", "parked", "quarantined");
    private static final List<String> FATES = List.of("retry", "quarantine");

    /**
     * From a millisecond, which a broker nearby takes, to the time at which a receipt is given up.
     */
    static final Duration[] QUICK =
            milliseconds(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000);

    /** An event may have waited for seconds, or for an outage of hours. */
    private static final Duration[] SLOW =
            milliseconds(
                    5,
                    10,
                    20,
                    50,
                    100,
                    200,
                    500,
                    1_000,
                    2_000,
                    5_000,
                    10_000,
                    30_000,
                    60_000,
                    300_000,
                    1_800_000,
                    7_200_000,
                    43_200_000);

    /** All that is not stored, whoever is to blame. */
    private static final List<String> UNSTORED = List.of("not_stored", "unknown");

    private static final double[] BATCHES = {
        1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000
    };

    private final MeterRegistry registry;
    private final Tenant tenant;
    private final Map<StreamName, GateMeters> gates = new ConcurrentHashMap<>();
    private final Map<SubscriptionId, ProcessingMeters> subscriptions = new ConcurrentHashMap<>();

    public MicrometerMeasurements(MeterRegistry registry, Tenant tenant) {
        this.registry = Objects.requireNonNull(registry);
        this.tenant = Objects.requireNonNull(tenant);
    }

    /** Makes what is counted for a stream at the gate visible before anything happens. */
    public void expect(StreamName stream) {
        Objects.requireNonNull(gate(stream));
    }

    /** Makes what is counted for a subscription visible before anything happens. */
    public void expect(SubscriptionId subscription) {
        Objects.requireNonNull(processing(subscription));
    }

    /** What was counted at the gate since the start; none where nothing is expected. */
    public Optional<GateTally> tally(StreamName stream) {
        return Optional.ofNullable(gates.get(stream)).map(MicrometerMeasurements::tally);
    }

    private static GateTally tally(GateMeters meters) {
        return new GateTally(
                meters.results().sum(List.of("accepted")),
                meters.results().sum(RESULTS),
                meters.results().sum(List.of("throttled")),
                meters.results().sum(UNSTORED),
                Distribution.of(meters.published()));
    }

    /** What was counted for a subscription since the start; none where nothing is expected. */
    public Optional<ProcessingTally> tally(SubscriptionId subscription) {
        return Optional.ofNullable(subscriptions.get(subscription))
                .map(MicrometerMeasurements::tally);
    }

    private static ProcessingTally tally(ProcessingMeters meters) {
        return new ProcessingTally(
                meters.outcomes().sum(List.of("applied"))
                        + meters.releases().sum(List.of("applied")),
                meters.outcomes().sum(List.of("rejected"))
                        + meters.releases().sum(List.of("rejected")),
                meters.deliveries().sum(),
                meters.entries().count(),
                meters.followers().sum(),
                meters.followersOfLargestKey().sum(),
                Distribution.of(meters.transaction()),
                Distribution.of(meters.lag()));
    }

    @Override
    public void ingested(StreamName stream, String result, int items) {
        GateMeters meters = gate(stream);
        meters.results().get(result).increment(items);
    }

    @Override
    public void published(StreamName stream, Duration duration) {
        gate(stream).published().record(notNegative(duration));
    }

    @Override
    public void committed(SubscriptionId subscription, BatchShape batch, Duration duration) {
        ProcessingMeters meters = processing(subscription);
        meters.batch().record(batch.deliveries());
        meters.entries().increment(batch.entries());
        meters.deliveries().add(batch.deliveries());
        // A batch of one says nothing of how its key compares with others.
        meters.followers().add(batch.deliveries() - 1);
        meters.followersOfLargestKey().add(Math.max(0, batch.ofLargestKey() - 1));
        meters.transaction().record(notNegative(duration));
    }

    @Override
    public void processed(SubscriptionId subscription, Outcome outcome, Duration lag) {
        ProcessingMeters meters = processing(subscription);
        meters.outcomes().get(outcome.word()).increment();
        meters.lag().record(notNegative(lag));
    }

    @Override
    public void probed(SubscriptionId subscription) {
        processing(subscription).probes().increment();
    }

    @Override
    public void failed(SubscriptionId subscription, Fate fate) {
        processing(subscription).attempts().get(fate.word()).increment();
    }

    @Override
    public void released(SubscriptionId subscription, Outcome outcome, Duration lag) {
        ProcessingMeters meters = processing(subscription);
        meters.releases().get(outcome.word()).increment();
        meters.releaseLag().record(notNegative(lag));
    }

    private GateMeters gate(StreamName stream) {
        return gates.computeIfAbsent(stream, this::registerGate);
    }

    private ProcessingMeters processing(SubscriptionId subscription) {
        return subscriptions.computeIfAbsent(subscription, this::registerProcessing);
    }

    private GateMeters registerGate(StreamName stream) {
        Tags tags = Tags.of("tenant", tenant.value(), "stream", stream.value());
        return new GateMeters(
                counters(
                        "millrace.gate.events",
                        "Items of requests, by result",
                        tags,
                        "result",
                        RESULTS),
                Timer.builder("millrace.gate.publish")
                        .description(
                                "From the hand-over to the broker to its receipt, or to the end of"
                                        + " patience")
                        .tags(tags)
                        .serviceLevelObjectives(QUICK)
                        .register(registry));
    }

    private ProcessingMeters registerProcessing(SubscriptionId subscription) {
        Tags tags =
                Tags.of(
                        "tenant", subscription.tenant().value(),
                        "stream", subscription.stream().value(),
                        "subscription", subscription.name());
        return new ProcessingMeters(
                counters(
                        "millrace.processing.events",
                        "Deliveries, by outcome",
                        tags,
                        "outcome",
                        OUTCOMES),
                counters(
                        "millrace.released.events",
                        "Parked events tried again, by outcome",
                        tags,
                        "outcome",
                        RELEASES),
                counters(
                        "millrace.failed.attempts",
                        "Tries that failed by the event's own fault, by what becomes of the event",
                        tags,
                        "fate",
                        FATES),
                Counter.builder("millrace.outage.probes")
                        .description("Tries whether an outage is over")
                        .tags(tags)
                        .register(registry),
                Counter.builder("millrace.processing.entries")
                        .description(
                                "Entries of the broker that the deliveries came in, batch by batch")
                        .tags(tags)
                        .register(registry),
                new DoubleAdder(),
                new DoubleAdder(),
                new DoubleAdder(),
                DistributionSummary.builder("millrace.processing.batch.events")
                        .description("Deliveries applied in one transaction")
                        .tags(tags)
                        .serviceLevelObjectives(BATCHES)
                        .register(registry),
                Timer.builder("millrace.processing.transaction")
                        .description("Duration of a transaction that applied a batch")
                        .tags(tags)
                        .serviceLevelObjectives(QUICK)
                        .register(registry),
                Timer.builder("millrace.processing.lag")
                        .description("Commit time less publish time of each delivery")
                        .tags(tags)
                        .serviceLevelObjectives(SLOW)
                        .register(registry),
                Timer.builder("millrace.released.lag")
                        .description(
                                "Commit time less publish time of each parked event tried again")
                        .tags(tags)
                        .serviceLevelObjectives(SLOW)
                        .register(registry));
    }

    private Counters counters(
            String name, String description, Tags tags, String label, List<String> expected) {
        Counters counters =
                new Counters(
                        new ConcurrentHashMap<>(),
                        value ->
                                Counter.builder(name)
                                        .description(description)
                                        .tags(tags.and(label, value))
                                        .register(registry));
        expected.forEach(value -> Objects.requireNonNull(counters.get(value)));
        return counters;
    }

    /** Clocks of two machines may disagree, and a negative lag would not be counted at all. */
    private static Duration notNegative(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }

    private static Duration[] milliseconds(long... values) {
        return Arrays.stream(values).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
    }

    /** The counters of one name that differ in one label. */
    private record Counters(Map<String, Counter> known, Function<String, Counter> register) {
        Counter get(String value) {
            return known.computeIfAbsent(value, register);
        }

        double sum(List<String> values) {
            return values.stream().mapToDouble(value -> get(value).count()).sum();
        }
    }

    private record GateMeters(Counters results, Timer published) {}

    private record ProcessingMeters(
            Counters outcomes,
            Counters releases,
            Counters attempts,
            Counter probes,
            Counter entries,
            DoubleAdder deliveries,
            DoubleAdder followers,
            DoubleAdder followersOfLargestKey,
            DistributionSummary batch,
            Timer transaction,
            Timer lag,
            Timer releaseLag) {}
}
