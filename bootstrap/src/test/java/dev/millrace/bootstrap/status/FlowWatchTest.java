package dev.millrace.bootstrap.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millrace.bootstrap.metrics.Metrics;
import dev.millrace.bootstrap.metrics.MicrometerMeasurements;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.OutboxLoad;
import dev.millrace.domain.Outcome;
import dev.millrace.domain.ParkedLoad;
import dev.millrace.domain.QuarantineLoad;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.SubscriptionType;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.flow.Backlog;
import dev.millrace.domain.flow.BatchShape;
import dev.millrace.domain.flow.Bottleneck;
import dev.millrace.domain.flow.DatabaseFlow;
import dev.millrace.domain.flow.Flow;
import dev.millrace.domain.flow.FlowSample;
import dev.millrace.domain.flow.GateFlow;
import dev.millrace.domain.flow.Latency;
import dev.millrace.domain.flow.Progress;
import dev.millrace.domain.flow.Standstill;
import dev.millrace.domain.flow.SubscriptionFlow;
import dev.millrace.domain.operations.LaneState;
import dev.millrace.ports.Condition;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What is counted, looked at by a clock of the test's own. */
final class FlowWatchTest {

    private static final StreamName STREAM = new StreamName("orders");
    private static final SubscriptionId SUBSCRIPTION =
            new SubscriptionId(new Tenant("millrace"), new Namespace("events"), STREAM, "worker");

    private final Metrics metrics = Metrics.on();
    private final MicrometerMeasurements measurements =
            new MicrometerMeasurements(metrics.registry(), SUBSCRIPTION.tenant());
    private final FlowSources sources = new FlowSources();
    private Instant now = Instant.parse("2026-03-01T12:00:00Z");
    private final FlowWatch watch = new FlowWatch(sources, measurements, () -> now);

    @AfterEach
    void close() {
        metrics.close();
    }

    @Test
    void a_process_of_which_nobody_tells_anything_has_nothing() {
        assertThat(watch.look()).isEqualTo(new Flow(List.of(), List.of(), List.of()));
    }

    @Test
    void rates_of_a_gate_are_those_of_the_last_ten_seconds() {
        measurements.expect(STREAM);
        sources.gate(STREAM, () -> 3, 100, () -> true);
        GateFlow first = watch.look().gate().getFirst();
        assertThat(first.acceptedRate()).as("of no time at all").isNaN();
        for (int second = 0; second < 10; second++) {
            measurements.ingested(STREAM, "accepted", 20);
            measurements.ingested(STREAM, "throttled", 2);
            measurements.ingested(STREAM, "unknown", 1);
            measurements.published(STREAM, Duration.ofMillis(4));
            pass(Duration.ofSeconds(1));
        }

        GateFlow gate = watch.look().gate().getFirst();
        assertThat(gate.acceptedRate()).isEqualTo(20);
        assertThat(gate.refusedRate()).isEqualTo(3);
        assertThat(gate.throttledRate()).isEqualTo(2);
        assertThat(gate.unstoredRate()).isEqualTo(1);
        assertThat(gate.publish().p50Seconds()).isBetween(0.002, 0.005);
        assertThat(gate.inFlight()).isEqualTo(3);
        assertThat(gate.inFlightLimit()).isEqualTo(100);

        for (int second = 0; second < 11; second++) {
            pass(Duration.ofSeconds(1));
        }
        assertThat(watch.look().gate().getFirst().acceptedRate()).as("past").isZero();
        assertThat(watch.look().gate().getFirst().publish()).isEqualTo(Latency.UNKNOWN);
    }

    @Test
    void a_subscription_without_lanes_here_has_its_backlog_and_nothing_else() {
        sources.subscription(SUBSCRIPTION, SubscriptionType.SHARED)
                .backlog(() -> new Backlog(5, 10, 1));

        SubscriptionFlow flow = watch.look().subscriptions().getFirst();

        assertThat(flow.backlog()).isEqualTo(new Backlog(5, 10, 1));
        assertThat(flow.progress()).isEqualTo(Progress.UNKNOWN);
        assertThat(flow.standstill()).isEqualTo(Standstill.UNKNOWN);
        assertThat(metrics.scrape())
                .as("asking makes no series")
                .doesNotContain("millrace_processing");
    }

    @Test
    void lanes_are_as_busy_as_their_transactions_are_long_and_a_hot_key_shows() {
        measurements.expect(SUBSCRIPTION);
        SubscriptionSources source =
                sources.subscription(SUBSCRIPTION, SubscriptionType.KEY_SHARED);
        source.lanes(
                () -> List.of(LaneState.RUNNING, LaneState.RUNNING, LaneState.PAUSED), () -> true);
        source.standing(
                () -> new ParkedLoad(7, 700, 4, 2, 1, Duration.ofMillis(2_500)),
                () -> Optional.of(new QuarantineLoad(3, Duration.ofHours(1))));
        source.outbox(() -> new OutboxLoad(2, Duration.ofSeconds(9)));
        var _ = watch.look();
        for (int second = 0; second < 10; second++) {
            measurements.committed(
                    SUBSCRIPTION, new BatchShape(11, 4, 9), Duration.ofMillis(1_500));
            measurements.processed(SUBSCRIPTION, new Outcome.Applied(), Duration.ofSeconds(3));
            pass(Duration.ofSeconds(1));
        }

        SubscriptionFlow flow = watch.look().subscriptions().getFirst();

        assertThat(flow.progress().appliedRate()).isEqualTo(1);
        assertThat(flow.progress().busyLanes()).isEqualTo(1.5, within(0.01));
        assertThat(flow.progress().largestKeyShare()).isEqualTo(0.8, within(1e-9));
        assertThat(flow.transaction().p50Seconds()).isBetween(1.0, 2.0);
        assertThat(flow.lag().p99Seconds()).isBetween(2.0, 5.0);
        assertThat(flow.lanes()).isEqualTo(Map.of(LaneState.RUNNING, 2, LaneState.PAUSED, 1));
        assertThat(flow.interrupted()).isTrue();
        assertThat(flow.standstill()).isEqualTo(new Standstill(2, 7, 2.5, 3, 2, 9));
        assertThat(measurements.tally(SUBSCRIPTION).orElseThrow().eventsPerEntry()).isEqualTo(2.75);
    }

    @Test
    void a_quarter_of_an_hour_is_kept_a_sample_every_five_seconds() {
        measurements.expect(STREAM);
        sources.gate(STREAM, () -> 0, 1, () -> true);
        for (int second = 0; second < 1_200; second++) {
            measurements.ingested(STREAM, "accepted", 6);
            pass(Duration.ofSeconds(1));
        }

        List<FlowSample> samples = watch.history().samples();

        assertThat(watch.history().interval()).isEqualTo(Duration.ofSeconds(5));
        assertThat(samples).hasSize(180);
        assertThat(samples.getLast().at()).isAfter(now.minusSeconds(6));
        assertThat(samples)
                .allMatch(sample -> sample.acceptedRate() == 6)
                .allMatch(sample -> Double.isNaN(sample.appliedRate()));
    }

    @Test
    void a_board_tells_what_was_seen_last_with_a_verdict() {
        sources.database(() -> new DatabaseFlow(0, 6, 0, false));
        StatusBoard board =
                new StatusBoard(
                        new StatusBoard.Identity("millrace-1", "1.2.3", List.of("reads")),
                        () -> List.of(Condition.unmet("reads.database", "away")),
                        watch,
                        () -> now);

        assertThat(board.show().isReady()).isFalse();
        assertThat(board.show().instance()).isEqualTo("millrace-1");
        assertThat(board.bottleneck().kind()).isEqualTo(Bottleneck.Kind.DATABASE);
        assertThat(board.history().samples()).hasSize(1);
    }

    private void pass(Duration time) {
        now = now.plus(time);
        var _ = watch.look();
    }
}
