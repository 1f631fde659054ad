package dev.millrace.domain.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.domain.StreamName;
import dev.millrace.domain.SubscriptionType;
import dev.millrace.domain.flow.Bottleneck.Kind;
import dev.millrace.domain.operations.LaneState;
import dev.millrace.domain.operations.SubscriptionName;

import org.junit.jupiter.api.Test;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** The verdict on made-up figures, one by one and at random. */
final class BottleneckTest {

    private static final int RANDOM_FLOWS = 20_000;

    private static final List<LaneState> LANE_STATES = List.of(LaneState.values());
    private static final Latency QUICK = new Latency(0.005, 0.05);
    private static final Latency SLOW = new Latency(0.8, 3);
    private static final Backlog SMALL = new Backlog(3, 12, 0.1);
    private static final Backlog OLD = new Backlog(4_000, 16_000, 40);
    private static final Map<LaneState, Integer> TWO_RUN = Map.of(LaneState.RUNNING, 2);
    private static final DatabaseFlow DATABASE = new DatabaseFlow(2, 10, 0, true);

    @Test
    void nothing_flows_and_nothing_waits() {
        assertThat(kind(gate(0, 0, 0, QUICK, true), lanes(SMALL, idle(), QUICK)))
                .isEqualTo(Kind.NONE);
        assertThat(Bottleneck.of(new Flow(List.of(), List.of(), List.of())).kind())
                .isEqualTo(Kind.NONE);
    }

    @Test
    void what_flows_and_does_not_wait_could_be_more() {
        assertThat(kind(gate(900, 0, 0, QUICK, true), lanes(SMALL, busy(0.4, 0.1), QUICK)))
                .isEqualTo(Kind.CALLER);
    }

    @Test
    void busy_lanes_with_quick_transactions_need_more_lanes() {
        Bottleneck verdict = of(flowing(), lanes(OLD, busy(1.9, 0.1), QUICK));

        assertThat(verdict.kind()).isEqualTo(Kind.LANES);
        assertThat(verdict.verdict())
                .isEqualTo(
                        "Events of orders/worker have waited for 40 s, and 1.9 of 2 lanes are in a"
                                + " transaction all the time.");
        assertThat(verdict.advice()).contains("MILLRACE_LANES");
    }

    @Test
    void slow_transactions_are_the_databases() {
        assertThat(kind(flowing(), lanes(OLD, busy(1.9, 0.9), SLOW))).isEqualTo(Kind.DATABASE);
    }

    @Test
    void threads_that_wait_for_a_connection_are_the_databases() {
        assertThat(
                        Bottleneck.of(
                                        new Flow(
                                                List.of(flowing()),
                                                List.of(lanes(OLD, busy(0.1, 0.1), QUICK)),
                                                List.of(new DatabaseFlow(10, 10, 3, true))))
                                .kind())
                .isEqualTo(Kind.DATABASE);
    }

    @Test
    void an_absent_database_is_the_bottleneck_whatever_else_is() {
        Flow flow =
                new Flow(
                        List.of(flowing()),
                        List.of(lanes(SMALL, idle(), Latency.UNKNOWN)),
                        List.of(new DatabaseFlow(0, 10, 0, false)));
        assertThat(Bottleneck.of(flow).kind()).isEqualTo(Kind.DATABASE);
        SubscriptionFlow interrupted =
                subscription(OLD, idle(), Latency.UNKNOWN, Map.of(LaneState.PAUSED, 2), true);
        assertThat(kind(flowing(), interrupted)).isEqualTo(Kind.DATABASE);
    }

    @Test
    void a_key_that_fills_the_batches_is_hot_and_more_replicas_do_not_help() {
        Bottleneck verdict = of(flowing(), lanes(OLD, busy(1, 0.9), QUICK));

        assertThat(verdict.kind()).isEqualTo(Kind.HOT_KEY);
        assertThat(verdict.verdict()).contains("90 % of each batch is of one key");
        assertThat(verdict.advice()).contains("will not help");
    }

    @Test
    void one_busy_lane_beside_idle_ones_is_that_of_few_keys() {
        Map<LaneState, Integer> eight = Map.of(LaneState.RUNNING, 8);
        SubscriptionFlow uneven = subscription(OLD, busy(1, 0.3), QUICK, eight, false);

        assertThat(kind(flowing(), uneven)).isEqualTo(Kind.HOT_KEY);
    }

    @Test
    void a_broker_that_takes_nothing_or_late_or_tells_nothing_is_the_bottleneck() {
        SubscriptionFlow fine = lanes(SMALL, idle(), QUICK);

        assertThat(kind(gate(0, 0, 0, QUICK, false), fine)).isEqualTo(Kind.BROKER);
        assertThat(kind(gate(5, 0, 2, QUICK, true), fine)).isEqualTo(Kind.BROKER);
        assertThat(kind(gate(5, 0, 0, SLOW, true), fine)).isEqualTo(Kind.BROKER);
        assertThat(kind(flowing(), lanes(Backlog.UNKNOWN, idle(), QUICK))).isEqualTo(Kind.BROKER);
        assertThat(kind(flowing(), lanes(OLD, idle(), QUICK)))
                .as("lanes with time, and events that wait")
                .isEqualTo(Kind.BROKER);
    }

    @Test
    void a_gate_that_refuses_beside_a_quick_broker_is_the_bottleneck() {
        assertThat(kind(gate(5, 2, 0, QUICK, true), lanes(SMALL, idle(), QUICK)))
                .isEqualTo(Kind.GATE);
    }

    @Test
    void lanes_that_a_person_has_paused_are_told_from_those_that_do_not_run() {
        Bottleneck paused =
                of(
                        flowing(),
                        subscription(
                                OLD, idle(), QUICK, Map.of(LaneState.PAUSED_BY_PERSON, 2), false));
        Bottleneck halted =
                of(flowing(), subscription(OLD, idle(), QUICK, Map.of(LaneState.HALTED, 2), false));

        assertThat(paused.kind()).isEqualTo(Kind.LANES);
        assertThat(paused.advice()).contains("resume");
        assertThat(halted.kind()).isEqualTo(Kind.LANES);
        assertThat(halted.verdict()).contains("no lane runs");
    }

    @Test
    void the_subscription_that_waits_longest_is_named() {
        SubscriptionFlow older =
                new SubscriptionFlow(
                        new SubscriptionName(new StreamName("orders"), "older"),
                        SubscriptionType.KEY_SHARED,
                        new Backlog(1, 1, 900),
                        busy(2, 0),
                        QUICK,
                        QUICK,
                        TWO_RUN,
                        false,
                        Standstill.UNKNOWN);
        Flow flow = new Flow(List.of(), List.of(lanes(OLD, busy(2, 0), QUICK), older), List.of());

        assertThat(Bottleneck.of(flow).verdict()).contains("orders/older", "900 s");
    }

    @Test
    void a_backlog_without_lanes_of_ours_is_judged_where_the_lanes_are() {
        SubscriptionFlow elsewhere =
                subscription(OLD, Progress.UNKNOWN, Latency.UNKNOWN, Map.of(), false);

        assertThat(kind(flowing(), elsewhere)).isEqualTo(Kind.CALLER);
    }

    @Test
    void there_is_a_verdict_on_everything_and_nothing_behind_the_gate_is_to_blame_without_a_wait() {
        Random random = new Random(20261130);
        Set<Kind> seen = EnumSet.noneOf(Kind.class);
        for (int i = 0; i < RANDOM_FLOWS; i++) {
            Flow flow = flow(random);
            Bottleneck verdict = Bottleneck.of(flow);
            seen.add(verdict.kind());
            assertThat(verdict.verdict()).as("%s", flow).isNotEmpty().doesNotContain("NaN");
            assertThat(verdict.advice().isEmpty())
                    .as("%s", flow)
                    .isEqualTo(verdict.kind() == Kind.NONE);
            boolean waits =
                    flow.subscriptions().stream()
                            .anyMatch(each ->
                                    each.backlog().ageSeconds() >= Bottleneck.WAITING_SECONDS);
            if (!waits) {
                assertThat(verdict.kind()).as("%s", flow).isNotIn(Kind.LANES, Kind.HOT_KEY);
            }
        }
        assertThat(seen).isEqualTo(EnumSet.allOf(Kind.class));
    }

    @Test
    void slower_transactions_never_acquit_the_database() {
        Random random = new Random(7);
        for (int i = 0; i < RANDOM_FLOWS; i++) {
            Flow flow = flow(random);
            if (Bottleneck.of(flow).kind() != Kind.DATABASE) {
                continue;
            }
            List<SubscriptionFlow> slower =
                    flow.subscriptions().stream().map(BottleneckTest::slower).toList();
            Flow worse = new Flow(flow.gate(), slower, flow.database());
            assertThat(Bottleneck.of(worse).kind()).as("%s", flow).isEqualTo(Kind.DATABASE);
        }
    }

    private static SubscriptionFlow slower(SubscriptionFlow flow) {
        return new SubscriptionFlow(
                flow.name(),
                flow.type(),
                flow.backlog(),
                flow.progress(),
                flow.lag(),
                new Latency(flow.transaction().p50Seconds() * 2, 100),
                flow.lanes(),
                flow.interrupted(),
                flow.standstill());
    }

    private static Flow flow(Random random) {
        return new Flow(
                random.nextInt(4) == 0
                        ? List.of()
                        : List.of(
                                gate(
                                        random.nextInt(3),
                                        oneIn8(random),
                                        oneIn8(random),
                                        latency(random),
                                        random.nextInt(10) > 0)),
                random.nextInt(4) == 0
                        ? List.of()
                        : List.of(
                                subscription(
                                        backlog(random),
                                        new Progress(
                                                random.nextInt(3),
                                                0,
                                                random.nextDouble() * 2,
                                                random.nextDouble()),
                                        latency(random),
                                        Map.of(
                                                LANE_STATES.get(random.nextInt(LANE_STATES.size())),
                                                1 + random.nextInt(2)),
                                        random.nextInt(10) == 0)),
                random.nextBoolean()
                        ? List.of()
                        : List.of(new DatabaseFlow(1, 10, oneIn8(random), random.nextInt(10) > 0)));
    }

    private static double oneIn8(Random random) {
        return random.nextInt(8) == 0 ? 1 : 0;
    }

    private static Backlog backlog(Random random) {
        return random.nextInt(10) == 0
                ? Backlog.UNKNOWN
                : new Backlog(random.nextInt(1_000), 1, random.nextDouble() * 5);
    }

    private static Latency latency(Random random) {
        double p50 = random.nextDouble();
        return random.nextInt(10) == 0 ? Latency.UNKNOWN : new Latency(p50, 2 * p50);
    }

    private static GateFlow gate(
            double accepted, double throttled, double unstored, Latency publish, boolean takes) {
        return new GateFlow(
                accepted, throttled + unstored, throttled, unstored, publish, 3, 10_000, takes);
    }

    private static GateFlow flowing() {
        return gate(500, 0, 0, QUICK, true);
    }

    private static Progress idle() {
        return new Progress(0, 0, 0, Double.NaN);
    }

    private static Progress busy(double lanes, double ofOneKey) {
        return new Progress(500, 1, lanes, ofOneKey);
    }

    private static SubscriptionFlow lanes(Backlog backlog, Progress progress, Latency transaction) {
        return subscription(backlog, progress, transaction, TWO_RUN, false);
    }

    private static SubscriptionFlow subscription(
            Backlog backlog,
            Progress progress,
            Latency transaction,
            Map<LaneState, Integer> lanes,
            boolean interrupted) {
        return new SubscriptionFlow(
                new SubscriptionName(new StreamName("orders"), "worker"),
                SubscriptionType.KEY_SHARED,
                backlog,
                progress,
                QUICK,
                transaction,
                lanes,
                interrupted,
                Standstill.UNKNOWN);
    }

    private static Bottleneck of(GateFlow gate, SubscriptionFlow subscription) {
        return Bottleneck.of(new Flow(List.of(gate), List.of(subscription), List.of(DATABASE)));
    }

    private static Kind kind(GateFlow gate, SubscriptionFlow subscription) {
        return of(gate, subscription).kind();
    }
}
