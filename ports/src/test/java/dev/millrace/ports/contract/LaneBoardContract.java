package dev.millrace.ports.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.millrace.domain.Namespace;
import dev.millrace.domain.Position;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.operations.AuditEntry;
import dev.millrace.domain.operations.LanePause;
import dev.millrace.domain.operations.LaneReport;
import dev.millrace.domain.operations.LaneState;
import dev.millrace.domain.operations.Pausing;
import dev.millrace.domain.operations.ReportedLane;
import dev.millrace.domain.operations.Resuming;
import dev.millrace.domain.operations.Signature;
import dev.millrace.domain.operations.SubscriptionName;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.operations.driven.AuditLog;
import dev.millrace.ports.operations.driven.LaneBoard;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What all {@link LaneBoard}s must do. Each test begins with an empty one. */
public interface LaneBoardContract extends Outage {

    /** Whose lanes the tests are about. */
    Tenant TENANT = new Tenant("millrace");

    /** Where they work. */
    Namespace NAMESPACE = new Namespace("events");

    /** A subscription. */
    SubscriptionName FIRST = new SubscriptionName(CounterStream.NAME, "first");

    /** Another subscription of the same stream. */
    SubscriptionName SECOND = new SubscriptionName(CounterStream.NAME, "second");

    /** Who acts. */
    Signature ANNA = new Signature("anna", "a migration");

    /** Somebody else. */
    Signature BERT = new Signature("bert", "");

    /** The board under test, as a tenant has it. */
    LaneBoard board(Tenant tenant);

    /** The acts on this tenant's lanes. */
    AuditLog auditLog();

    /** Makes everything that was reported so much older. */
    void age(Duration by);

    /** The board of the tests' tenant. */
    default LaneBoard board() {
        return board(TENANT);
    }

    /** A lane that runs. */
    static LaneReport running(int lane) {
        return new LaneReport(
                lane, LaneState.RUNNING, List.of(new Position(1, 2, 0, lane)), 12.5, "");
    }

    /** A lane that has not begun. */
    static LaneReport starting(int lane) {
        return new LaneReport(lane, LaneState.STARTING, List.of(), 0, "the broker");
    }

    @Test
    default void a_lane_is_shown_as_its_process_told_of_it_last() {
        assertThat(board().report(FIRST, "p2", List.of(starting(0)))).isEmpty();
        assertThat(board().report(FIRST, "p1", List.of(starting(0), starting(1)))).isEmpty();
        assertThat(board().report(SECOND, "p1", List.of(starting(0)))).isEmpty();
        assertThat(board().report(FIRST, "p1", List.of(running(0), running(1)))).isEmpty();

        List<ReportedLane> lanes = board().overview().lanes();

        assertThat(lanes)
                .extracting(ReportedLane::subscription, ReportedLane::process, ReportedLane::report)
                .containsExactly(
                        tuple(FIRST, "p1", running(0)),
                        tuple(FIRST, "p1", running(1)),
                        tuple(FIRST, "p2", starting(0)),
                        tuple(SECOND, "p1", starting(0)));
    }

    @Test
    default void who_leaves_or_is_silent_is_not_shown() {
        assertThat(board().report(FIRST, "silent", List.of(running(0)))).isEmpty();
        age(LaneBoard.SILENCE.plusSeconds(1));
        assertThat(board().report(FIRST, "gone", List.of(running(0)))).isEmpty();
        assertThat(board().report(FIRST, "here", List.of(running(0)))).isEmpty();
        board().leave(FIRST, "gone");

        assertThat(board().overview().lanes())
                .extracting(ReportedLane::process)
                .containsExactly("here");
    }

    @Test
    default void who_was_silent_for_long_is_forgotten_by_others_and_may_come_back() {
        assertThat(board().report(FIRST, "stalled", List.of(running(0), running(1)))).isEmpty();
        age(Duration.ofMinutes(5));
        assertThat(board().report(FIRST, "other", List.of(running(0)))).isEmpty();
        assertThat(board().report(FIRST, "stalled", List.of(running(0), running(1)))).isEmpty();

        assertThat(board().overview().lanes()).hasSize(3);
    }

    @Test
    default void a_pause_is_told_to_every_process_of_its_subscription_until_it_is_over() {
        assertThat(board().report(FIRST, "p1", List.of())).isEmpty();
        assertThat(board().report(SECOND, "p1", List.of())).isEmpty();

        LanePause pause = ((Pausing.Paused) board().pause(FIRST, ANNA)).pause();

        assertThat(pause.subscription()).isEqualTo(FIRST);
        assertThat(pause.signature()).isEqualTo(ANNA);
        assertThat(board().report(FIRST, "p1", List.of(running(0)))).hasValue(pause);
        assertThat(board().report(FIRST, "new", List.of())).hasValue(pause);
        assertThat(board().report(SECOND, "p1", List.of())).isEmpty();
        assertThat(board().overview().pauses()).containsExactly(pause);

        assertThat(board().resume(FIRST, BERT)).isEqualTo(new Resuming.Resumed(pause));
        assertThat(board().report(FIRST, "p1", List.of())).isEmpty();
        assertThat(board().overview().pauses()).isEmpty();
    }

    @Test
    default void each_act_leaves_a_row_and_what_was_not_done_leaves_none() {
        assertThat(board().report(FIRST, "p1", List.of())).isEmpty();
        assertThat(board().resume(FIRST, BERT)).isEqualTo(new Resuming.NotPaused());
        LanePause pause = ((Pausing.Paused) board().pause(FIRST, ANNA)).pause();
        assertThat(board().pause(FIRST, BERT)).isEqualTo(new Pausing.AlreadyPaused(pause));
        assertThat(board().resume(FIRST, BERT)).isEqualTo(new Resuming.Resumed(pause));

        List<AuditEntry> acts = auditLog().read(0, 10);

        assertThat(acts).extracting(AuditEntry::act).containsExactly("pause", "resume");
        assertThat(acts).extracting(AuditEntry::signature).containsExactly(ANNA, BERT);
        assertThat(acts)
                .allSatisfy(act -> {
                    assertThat(act.stream()).isEqualTo(FIRST.stream().value());
                    assertThat(act.subscription()).isEqualTo(FIRST.subscription());
                });
        assertThat(acts.getLast().details())
                .containsEntry("pausedBy", "anna")
                .containsEntry("pausedAt", pause.at().toString());
    }

    @Test
    default void of_many_who_pause_at_once_one_does() throws Exception {
        assertThat(board().report(FIRST, "p1", List.of())).isEmpty();
        LaneBoard board = board();
        List<Pausing> outcomes = new ArrayList<>();
        Callable<Pausing> pause = () -> board.pause(FIRST, ANNA);
        try (ExecutorService people = Executors.newFixedThreadPool(4)) {
            for (Future<Pausing> outcome : people.invokeAll(List.of(pause, pause, pause, pause))) {
                outcomes.add(outcome.get());
            }
        }

        assertThat(outcomes).filteredOn(Pausing.Paused.class::isInstance).hasSize(1);
        assertThat(outcomes).filteredOn(Pausing.AlreadyPaused.class::isInstance).hasSize(3);
        assertThat(auditLog().read(0, 10)).hasSize(1);
    }

    /** Whatever their order, it is one: pauses and resumptions take turns. */
    @Test
    default void of_many_who_pause_and_resume_at_once_each_ends_what_another_began()
            throws Exception {
        assertThat(board().report(FIRST, "p1", List.of())).isEmpty();
        LaneBoard board = board();
        Queue<LanePause> begun = new ConcurrentLinkedQueue<>();
        Queue<LanePause> met = new ConcurrentLinkedQueue<>();
        Queue<LanePause> ended = new ConcurrentLinkedQueue<>();
        List<Runnable> people = new ArrayList<>();
        for (String name : List.of("anna", "bert")) {
            people.add(() -> {
                for (int wish = 0; wish < 25; wish++) {
                    switch (board.pause(FIRST, new Signature(name, "wish " + wish))) {
                        case Pausing.Paused(LanePause pause) -> begun.add(pause);
                        case Pausing.AlreadyPaused(LanePause pause) -> met.add(pause);
                        case Pausing.Unknown() -> throw new AssertionError("it has reported");
                    }
                }
            });
            people.add(() -> {
                for (int wish = 0; wish < 25; wish++) {
                    switch (board.resume(FIRST, new Signature(name, ""))) {
                        case Resuming.Resumed(LanePause pause) -> ended.add(pause);
                        case Resuming.NotPaused() -> {}
                        case Resuming.Unknown() -> throw new AssertionError("it has reported");
                    }
                }
            });
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(people.size())) {
            List<Future<?>> acting = new ArrayList<>();
            people.forEach(person -> acting.add(threads.submit(person)));
            for (Future<?> person : acting) {
                person.get();
            }
        }

        List<LanePause> left = board.overview().pauses();
        assertThat(board.report(FIRST, "p1", List.of())).isEqualTo(left.stream().findFirst());
        List<LanePause> overOrLeft = new ArrayList<>(ended);
        overOrLeft.addAll(left);
        assertThat(overOrLeft).containsExactlyInAnyOrderElementsOf(begun);
        assertThat(begun).containsAll(met);
        List<String> acts = auditLog().read(0, 200).stream().map(AuditEntry::act).toList();
        assertThat(acts).hasSize(begun.size() + ended.size());
        for (int act = 0; act < acts.size(); act++) {
            assertThat(acts.get(act)).isEqualTo(act % 2 == 0 ? "pause" : "resume");
        }
    }

    @Test
    default void a_subscription_is_not_made_by_asking_for_it() {
        SubscriptionName unknown = new SubscriptionName(CounterStream.NAME, "nobody");

        assertThat(board().pause(unknown, ANNA)).isEqualTo(new Pausing.Unknown());
        assertThat(board().pause(unknown, ANNA)).isEqualTo(new Pausing.Unknown());
        assertThat(board().resume(unknown, ANNA)).isEqualTo(new Resuming.Unknown());
        assertThat(auditLog().read(0, 10)).isEmpty();
    }

    @Test
    default void what_others_do_is_not_seen() {
        LaneBoard foreign = board(new Tenant("someone"));
        assertThat(foreign.report(FIRST, "p1", List.of(running(0)))).isEmpty();
        assertThat(foreign.pause(FIRST, ANNA)).isInstanceOf(Pausing.Paused.class);

        assertThat(board().report(FIRST, "p2", List.of())).isEmpty();
        assertThat(board().overview().lanes()).isEmpty();
        assertThat(board().overview().pauses()).isEmpty();
        assertThat(board().resume(FIRST, ANNA)).isEqualTo(new Resuming.NotPaused());
        assertThat(foreign.report(FIRST, "p1", List.of())).isPresent();
    }

    @Test
    default void a_database_that_is_away_is_told() {
        assertThat(board().report(FIRST, "p1", List.of())).isEmpty();
        assertThat(board().pause(FIRST, ANNA)).isInstanceOf(Pausing.Paused.class);
        makeUnavailable();

        assertThatThrownBy(() -> board().report(FIRST, "p1", List.of()))
                .isInstanceOf(Unavailable.class);
        assertThatThrownBy(() -> board().leave(FIRST, "p1")).isInstanceOf(Unavailable.class);
        assertThatThrownBy(() -> board().overview()).isInstanceOf(Unavailable.class);
        assertThatThrownBy(() -> board().pause(SECOND, ANNA)).isInstanceOf(Unavailable.class);
        assertThatThrownBy(() -> board().resume(FIRST, ANNA)).isInstanceOf(Unavailable.class);

        makeAvailable();
        assertThat(board().report(FIRST, "p1", List.of())).as("it was kept").isPresent();
    }
}
