package dev.millrace.ports.contract;

import static dev.millrace.ports.counter.Deliveries.add;
import static dev.millrace.ports.counter.Deliveries.at;
import static dev.millrace.ports.counter.Deliveries.delivery;
import static dev.millrace.ports.counter.Deliveries.undecodable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.domain.Delivery;
import dev.millrace.domain.Key;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.Outcome;
import dev.millrace.domain.Position;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.operations.AuditEntry;
import dev.millrace.domain.operations.Cancelling;
import dev.millrace.domain.operations.Replay;
import dev.millrace.domain.operations.ReplayBeginning;
import dev.millrace.domain.operations.ReplayBoundary;
import dev.millrace.domain.operations.ReplayFinding;
import dev.millrace.domain.operations.ReplayFinding.Kind;
import dev.millrace.domain.operations.ReplayMode;
import dev.millrace.domain.operations.ReplayPlan;
import dev.millrace.domain.operations.ReplayScope;
import dev.millrace.domain.operations.ReplaySpan;
import dev.millrace.domain.operations.ReplayStep;
import dev.millrace.domain.operations.ReplayTally;
import dev.millrace.domain.operations.Signature;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.counter.Count;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.Counted;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.driven.Inbox;
import dev.millrace.ports.driven.Settlement;
import dev.millrace.ports.operations.driven.AuditLog;
import dev.millrace.ports.operations.driven.FinishedRecords;
import dev.millrace.ports.operations.driven.Gaps;
import dev.millrace.ports.operations.driven.Replays;
import dev.millrace.ports.operations.driven.Replays.Lease;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/**
 * What every {@link Replays} must do, and the {@link Gaps} that their jobs fill. Each test begins
 * with empty tables.
 */
public interface ReplaysContract extends Outage {

    Tenant TENANT = new Tenant("millrace");
    Namespace NAMESPACE = new Namespace("events");

    /** A subscription that keeps order. */
    SubscriptionId COUNTS = new SubscriptionId(TENANT, NAMESPACE, CounterStream.NAME, "counts");

    SubscriptionId OTHERS = new SubscriptionId(TENANT, NAMESPACE, CounterStream.NAME, "others");
    Signature ANNA = new Signature("anna", "a failover");

    /** As long as no test takes. */
    Duration LONG = Duration.ofMinutes(10);

    /** Over before the next call. */
    Duration SHORT = Duration.ofMillis(-1);

    /** The jobs under test. */
    Replays replays();

    /** The same jobs, once they have ended. */
    FinishedRecords finished();

    /** The gaps of {@link #COUNTS} under test. */
    Gaps<CountEvent, Count, Counted> gaps();

    /** The lanes' inbox of {@link #COUNTS}, on the same tables. */
    Inbox<CountEvent, Count, Counted> inbox();

    /** What people did. */
    AuditLog auditLog();

    /** The effects on a key of {@link #COUNTS}, in the order in which they were applied. */
    List<Long> valuesOf(Key key);

    @Test
    default void a_job_is_found_as_it_was_begun_and_leaves_an_act() {
        ReplayScope scope =
                new ReplayScope(
                        new ReplayBoundary.Time(Instant.parse("2026-03-01T12:00:00Z")),
                        new ReplayBoundary.Place(at(9)));
        ReplayPlan plan = new ReplayPlan(COUNTS, scope, ReplayMode.FILL_GAPS, true, 70);
        Replay begun = begin(plan, List.of(span(1, 1, 9), span(2, 2, 10)));

        assertThat(begun.state()).isEqualTo(Replay.State.RUNNING);
        assertThat(begun.plan()).isEqualTo(plan);
        assertThat(begun.signature()).isEqualTo(ANNA);
        assertThat(begun.spans()).containsExactly(span(1, 1, 9), span(2, 2, 10));
        assertThat(begun.tally()).isEqualTo(ReplayTally.NONE);
        assertThat(begun.endedAt()).isEqualTo(Instant.MAX);
        assertThat(replays().find(begun.id())).contains(begun);
        assertThat(replays().find(begun.id() + 1)).isEmpty();
        assertThat(replays().findings(begun.id(), 0, 10)).isEmpty();
        AuditEntry act = auditLog().read(0, 10).getFirst();
        assertThat(act.act()).isEqualTo("replay");
        assertThat(act.subscription()).isEqualTo("counts");
        assertThat(act.signature()).isEqualTo(ANNA);
        assertThat(act.details())
                .containsEntry("replayId", Long.toString(begun.id()))
                .containsEntry("mode", "fill-gaps")
                .containsEntry("outOfOrder", "true")
                .containsEntry("to", at(9).toString());
    }

    @Test
    default void one_runs_at_a_time_of_a_subscription_and_about_nothing_it_is_done_at_once() {
        Replay empty = begin(plan(COUNTS), List.of());
        assertThat(empty.state()).isEqualTo(Replay.State.DONE);
        assertThat(replays().take(COUNTS, "p", LONG)).isEmpty();

        Replay first = begin(plan(COUNTS), List.of(span(1, 1, 9)));
        assertThat(replays().begin(plan(COUNTS), List.of(span(1, 1, 9)), ANNA))
                .isEqualTo(new ReplayBeginning.Busy(first.id()));
        Replay other = begin(plan(OTHERS), List.of(span(1, 1, 9)));
        assertThat(replays().list(0, 10))
                .extracting(Replay::id)
                .containsExactly(empty.id(), first.id(), other.id());
        assertThat(replays().list(empty.id(), 1))
                .extracting(Replay::id)
                .containsExactly(first.id());
        assertThat(auditLog().read(0, 10)).hasSize(3);
    }

    @Test
    default void a_job_keeps_what_its_steps_have_come_to_and_is_done_when_nothing_is_left() {
        Replay job = begin(plan(COUNTS), List.of(span(1, 1, 9), span(2, 2, 10)));
        Lease lease = take();
        ReplayFinding gap = new ReplayFinding(0, Kind.GAP, at(1), "m1", "a", "no table");
        ReplayFinding odd = new ReplayFinding(0, Kind.OVERTAKEN, at(5), "m5", "b", "no table");

        Replay after =
                replays()
                        .advance(
                                lease,
                                LONG,
                                new ReplayStep(span(1, 5, 9), 10, 2, 1, List.of(gap, odd)))
                        .orElseThrow();
        assertThat(after.spans()).containsExactly(span(1, 5, 9), span(2, 2, 10));
        assertThat(after.tally())
                .isEqualTo(new ReplayTally(10, 2, 1, Map.of(Kind.GAP, 1L, Kind.OVERTAKEN, 1L), 0));
        assertThat(after.tally().differences()).isEqualTo(2);
        var _ = replays().advance(lease, LONG, step(span(1, 1, 9).done(), gap));
        Replay done = replays().advance(lease, LONG, step(span(2, 2, 10).done())).orElseThrow();

        assertThat(done.state()).isEqualTo(Replay.State.DONE);
        assertThat(done.endedAt()).isBefore(Instant.MAX);
        assertThat(replays().find(job.id())).contains(done);
        assertThat(replays().advance(lease, LONG, step(span(2, 2, 10).done()))).isEmpty();
        List<ReplayFinding> found = replays().findings(job.id(), 0, 2);
        assertThat(found).extracting(ReplayFinding::messageId).containsExactly("m1", "m5");
        assertThat(found.getFirst())
                .isEqualTo(
                        new ReplayFinding(
                                found.getFirst().number(), Kind.GAP, at(1), "m1", "a", "no table"));
        assertThat(replays().findings(job.id(), found.getLast().number(), 2)).hasSize(1);
    }

    @Test
    default void no_more_findings_are_kept_than_may_be_and_all_are_counted() {
        Replay job = begin(plan(COUNTS), List.of(span(1, 1, 9)));
        List<ReplayFinding> many =
                IntStream.range(0, Replays.MAX_FINDINGS - 1)
                        .mapToObj(i -> new ReplayFinding(0, Kind.GAP, at(1), "m" + i, "a", ""))
                        .toList();
        ReplayFinding more = new ReplayFinding(0, Kind.OVERTAKEN, at(1), "more", "a", "");
        Lease lease = take();
        var _ = replays().advance(lease, LONG, new ReplayStep(span(1, 5, 9), 0, 0, 0, many));
        Replay after =
                replays()
                        .advance(
                                lease,
                                LONG,
                                new ReplayStep(span(1, 5, 9), 0, 0, 0, List.of(more, more, more)))
                        .orElseThrow();

        assertThat(after.tally().leftOut()).isEqualTo(2);
        assertThat(after.tally().differences()).isEqualTo(Replays.MAX_FINDINGS + 2L);
        assertThat(replays().findings(job.id(), 0, 2 * Replays.MAX_FINDINGS))
                .hasSize(Replays.MAX_FINDINGS);
    }

    @Test
    default void one_at_a_time_drives_a_job_and_who_comes_back_late_can_do_nothing() {
        var _ = begin(plan(COUNTS), List.of(span(1, 1, 9)));
        assertThat(replays().take(OTHERS, "p", LONG)).isEmpty();
        Lease first = replays().take(COUNTS, "dies", SHORT).orElseThrow();
        Lease second = take();
        assertThat(second.number()).isGreaterThan(first.number());
        assertThat(replays().take(COUNTS, "third", LONG)).isEmpty();

        assertThat(replays().advance(first, LONG, step(span(1, 1, 9).done()))).isEmpty();
        assertThat(fill(first, delivery("m1", add("a", 1), 1)))
                .containsExactly(new Outcome.Redelivered());
        assertThat(valuesOf(new Key("a"))).isEmpty();
        assertThat(replays().advance(second, LONG, step(span(1, 5, 9)))).isPresent();
    }

    @Test
    default void a_cancelled_job_goes_no_further() {
        Replay job = begin(plan(COUNTS), List.of(span(1, 1, 9)));
        Lease lease = take();
        assertThat(replays().cancel(job.id() + 1, ANNA)).isEqualTo(new Cancelling.Unknown<>());

        assertThat(replays().cancel(job.id(), ANNA))
                .isInstanceOfSatisfying(
                        Cancelling.Cancelled.class,
                        done -> assertThat(done.job().word()).isEqualTo("cancelled"));

        assertThat(replays().cancel(job.id(), ANNA)).isInstanceOf(Cancelling.Ended.class);
        assertThat(replays().advance(lease, LONG, step(span(1, 5, 9)))).isEmpty();
        assertThat(fill(lease, delivery("m1", add("a", 1), 1)))
                .containsExactly(new Outcome.Redelivered());
        assertThat(valuesOf(new Key("a"))).isEmpty();
        assertThat(auditLog().read(0, 10))
                .extracting(AuditEntry::act)
                .containsExactly("replay", "cancel");
    }

    @Test
    default void a_job_goes_with_its_findings_once_it_has_ended_for_long_enough() {
        Instant later = Instant.parse("2999-01-01T00:00:00Z");
        Replay ended = begin(plan(COUNTS), List.of(span(1, 1, 9)));
        assertThat(fill(take(), delivery("m1", add("a", 1), 1))).hasSize(1);
        assertThat(replays().cancel(ended.id(), ANNA)).isInstanceOf(Cancelling.Cancelled.class);
        Replay running = begin(plan(COUNTS), List.of(span(1, 1, 9)));
        Instant end = replays().find(ended.id()).orElseThrow().endedAt();

        assertThat(finished().purge(end, 10)).as("at that very instant").isZero();
        for (int steps = 0; finished().purge(later, 1) == 1; steps++) {
            assertThat(steps).isLessThan(3);
        }

        assertThat(replays().list(0, 10)).containsExactly(running);
        assertThat(replays().findings(ended.id(), 0, 10)).isEmpty();
        assertThat(valuesOf(new Key("a"))).as("what it filled stays").containsExactly(1L);
    }

    @Test
    default void gaps_are_filled_once_in_order_and_kept_as_findings_of_their_job() {
        given(delivery("m1", add("a", 1), 1));
        Replay job = begin(plan(COUNTS), List.of(span(1, 1, 99)));
        Lease lease = take();

        assertThat(
                        fill(
                                lease,
                                delivery("m5", add("a", 10), 5),
                                delivery("m9", add("a", 100), 9),
                                delivery("m13", add("a", 2_000), 13),
                                undecodable("", "", 17)))
                .satisfiesExactly(
                        first -> assertThat(first).isEqualTo(new Outcome.Applied()),
                        second -> assertThat(second).isEqualTo(new Outcome.Applied()),
                        third -> assertThat(third).isInstanceOf(Outcome.Rejected.class),
                        fourth -> assertThat(fourth).isInstanceOf(Outcome.Quarantined.class));
        assertThat(fill(lease, delivery("m5", add("a", 10), 5)))
                .containsExactly(new Outcome.Redelivered());

        assertThat(valuesOf(new Key("a"))).containsExactly(1L, 11L, 111L);
        assertThat(replays().findings(job.id(), 0, 10))
                .allSatisfy(finding -> assertThat(finding.kind()).isEqualTo(Kind.FILLED))
                .extracting(ReplayFinding::position)
                .containsExactly(at(5), at(9), at(13), at(17));
        assertThat(replays().find(job.id()).orElseThrow().tally().differences()).isZero();
    }

    @Test
    default void an_event_behind_which_a_later_one_of_its_key_has_a_record_is_left_alone() {
        given(delivery("m9", add("a", 100), 9), delivery("m13", add("b", 2_000), 13));
        Replay job = begin(plan(COUNTS), List.of(span(1, 1, 99)));
        Lease lease = take();

        assertThat(
                        fill(
                                lease,
                                delivery("m1", add("a", 1), 1),
                                delivery("m5", add("b", 1), 5),
                                delivery("m6", add("c", 1), 17),
                                delivery("m7", add("a", 1), 21)))
                .containsExactly(
                        new Outcome.Redelivered(),
                        new Outcome.Redelivered(),
                        new Outcome.Applied(),
                        new Outcome.Applied());

        assertThat(valuesOf(new Key("a"))).containsExactly(100L, 101L);
        assertThat(valuesOf(new Key("b"))).isEmpty();
        assertThat(replays().findings(job.id(), 0, 10)).hasSize(2);
    }

    @Test
    default void out_of_order_it_is_filled_when_the_plan_says_so() {
        given(delivery("m9", add("a", 100), 9));
        var _ =
                begin(
                        new ReplayPlan(COUNTS, ReplayScope.ALL, ReplayMode.FILL_GAPS, true, 9),
                        List.of(span(1, 1, 99)));

        assertThat(fill(take(), delivery("m1", add("a", 1), 1)))
                .containsExactly(new Outcome.Applied());
        assertThat(valuesOf(new Key("a"))).containsExactly(100L, 101L);
    }

    @Test
    default void a_further_copy_of_a_recorded_event_is_counted_wherever_it_lies() {
        given(delivery("m1", add("a", 100), 9));
        var _ = begin(plan(COUNTS), List.of(span(1, 1, 99)));

        assertThat(fill(take(), delivery("m1", add("a", 100), 1)))
                .containsExactly(new Outcome.Duplicate(at(9)));
        assertThat(valuesOf(new Key("a"))).containsExactly(100L);
    }

    /** The lane's event is the later one: the gap takes effect before it, or not at all. */
    @Test
    default void a_gap_never_takes_effect_behind_an_event_that_comes_between()
            throws InterruptedException, ExecutionException {
        var _ = begin(plan(COUNTS), List.of(span(1, 1, 99_999)));
        Lease lease = take();
        int inTime = 0;
        try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
            for (int round = 0; round < 40; round++) {
                Key key = new Key("k" + round);
                Delivery<CountEvent> gap =
                        delivery("gap" + round, add(key.value(), 1), 8 * round + 1);
                Delivery<CountEvent> later =
                        delivery("later" + round, add(key.value(), 10), 8 * round + 5);
                CyclicBarrier barrier = new CyclicBarrier(2);
                Future<List<Outcome>> filled =
                        executor.submit(() -> {
                            barrier.await();
                            return fill(lease, gap);
                        });
                Future<?> live =
                        executor.submit(() -> {
                            barrier.await();
                            given(later);
                            return null;
                        });
                live.get();
                boolean applied = filled.get().equals(List.of(new Outcome.Applied()));
                inTime += applied ? 1 : 0;
                assertThat(valuesOf(key)).isEqualTo(applied ? List.of(1L, 11L) : List.of(10L));
            }
        }
        System.out.println("gaps that came before the live event: " + inTime + " of 40");
    }

    @Test
    default void an_outage_is_told_and_nothing_is_done() {
        Replay job = begin(plan(COUNTS), List.of(span(1, 1, 9)));
        Lease lease = take();
        makeUnavailable();
        assertThatThrownBy(() -> replays().find(job.id())).isInstanceOf(Unavailable.class);
        assertThatThrownBy(() -> fill(lease, delivery("m1", add("a", 1), 1)))
                .isInstanceOf(Unavailable.class);
        makeAvailable();
    }

    private static ReplayPlan plan(SubscriptionId subscription) {
        return new ReplayPlan(subscription, ReplayScope.ALL, ReplayMode.FILL_GAPS, false, 100);
    }

    private static ReplaySpan span(int partition, int next, int until) {
        return new ReplaySpan(
                new Position(7, next, partition, 0), new Position(7, until, partition, 0));
    }

    private static ReplayStep step(ReplaySpan reached, ReplayFinding... findings) {
        return new ReplayStep(reached, 1, 0, 0, List.of(findings));
    }

    private Replay begin(ReplayPlan plan, List<ReplaySpan> spans) {
        return ((ReplayBeginning.Begun) replays().begin(plan, spans, ANNA)).replay();
    }

    private Lease take() {
        return replays().take(COUNTS, "a test", LONG).orElseThrow();
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private List<Outcome> fill(Lease lease, Delivery<CountEvent>... gaps) {
        return ((Settlement.Committed)
                        gaps().inbox(lease)
                                .apply(List.of(gaps), PlainDeciding.on(CounterStream.STREAM)))
                .outcomes();
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private void given(Delivery<CountEvent>... events) {
        assertThat(inbox().apply(List.of(events), PlainDeciding.on(CounterStream.STREAM)))
                .isInstanceOf(Settlement.Committed.class);
    }
}
