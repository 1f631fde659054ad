package dev.millrace.ports.usecase;

import static dev.millrace.ports.counter.Deliveries.PUBLISHED_AT;
import static dev.millrace.ports.counter.Deliveries.add;
import static dev.millrace.ports.counter.Deliveries.at;
import static dev.millrace.ports.counter.Deliveries.broken;
import static dev.millrace.ports.counter.Deliveries.delivery;
import static dev.millrace.ports.counter.Deliveries.undecodable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.domain.AfterQuarantine;
import dev.millrace.domain.Backoff;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.Failure;
import dev.millrace.domain.FailurePolicy;
import dev.millrace.domain.Fate;
import dev.millrace.domain.InvalidValue;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.Outcome;
import dev.millrace.domain.ParkedLoad;
import dev.millrace.domain.ParkingLimit;
import dev.millrace.domain.Reason;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.SubscriptionType;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.flow.BatchShape;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.counter.Count;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.Counted;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.driven.CrashRecords;
import dev.millrace.ports.driven.Inbox;
import dev.millrace.ports.driven.Settlement;
import dev.millrace.ports.driven.Supervision;
import dev.millrace.ports.driving.Instruction;
import dev.millrace.ports.fake.DirectSupervision;
import dev.millrace.ports.fake.InMemoryCrashRecords;
import dev.millrace.ports.fake.InMemoryDatabase;
import dev.millrace.ports.fake.InMemoryInbox;
import dev.millrace.ports.fake.RecordedMeasurements;
import dev.millrace.ports.fake.SettableClock;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

final class EventProcessingTest {

    private static final Instant NOW = PUBLISHED_AT.plusSeconds(2);
    private static final Instruction.Hold HOLD =
            new Instruction.Hold(Duration.ofMillis(100), "paused by anna");
    private static final Duration FIRST = Duration.ofMillis(200);
    private static final Duration CAP = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration WITHDRAW_AFTER = Duration.ofSeconds(15);

    private static final Duration RETRY = Duration.ofSeconds(2);
    private static final ParkingLimit LIMIT = new ParkingLimit(100, 10_000, 50);

    private Optional<Instruction.Hold> wish = Optional.empty();
    private final ParkingSpace space = new ParkingSpace(LIMIT);
    private final SubscriptionId subscription =
            new SubscriptionId(
                    new Tenant("millrace"), new Namespace("events"), CounterStream.NAME, "counts");
    private final SettableClock clock = new SettableClock(NOW);
    private final InMemoryDatabase database = new InMemoryDatabase();
    private final InMemoryInbox<CountEvent, Count, Counted> store =
            new InMemoryInbox<>(
                    database,
                    subscription,
                    CounterStream.STREAM,
                    count -> count.value() >= 0,
                    clock);
    private final AtomicInteger calls = new AtomicInteger();
    private final RecordedMeasurements measurements = new RecordedMeasurements();
    private final CrashRecords crashes = crashes("this");
    private final EventProcessing<CountEvent, Count, Counted> processing =
            processing((batch, decide) -> {
                calls.incrementAndGet();
                return store.apply(batch, decide);
            });

    @Test
    void a_batch_is_applied_and_to_be_acknowledged() {
        assertThat(process(delivery("m1", add("a", 5), 1), delivery("m2", add("b", 6), 2)))
                .isEqualTo(new Instruction.Acknowledge());

        assertThat(store.state(new Key("a"))).isEqualTo(new Count(5));
        assertThat(store.state(new Key("b"))).isEqualTo(new Count(6));
        assertThat(calls).hasValue(1);
        assertThat(processing.isInterrupted()).isFalse();
    }

    @Test
    void each_delivery_is_measured_with_its_outcome_and_the_time_since_it_was_published() {
        Inbox<CountEvent, Count, Counted> slow =
                (batch, decide) -> {
                    clock.advance(Duration.ofMillis(40));
                    return store.apply(batch, decide);
                };
        List<Delivery<CountEvent>> batch =
                List.of(
                        delivery("m1", add("a", 5), 1, NOW.minusSeconds(3)),
                        delivery("m1", add("a", 5), 2, NOW.minusSeconds(1)),
                        delivery("m2", add("a", 1_000), 3, NOW),
                        undecodable("", "", 4));

        assertThat(processing(slow).process(() -> batch)).isEqualTo(new Instruction.Acknowledge());

        assertThat(measurements.transactions())
                .containsExactly(
                        new RecordedMeasurements.Transaction(
                                subscription, new BatchShape(4, 4, 3), Duration.ofMillis(40)));
        assertThat(measurements.processed())
                .containsExactly(
                        processed(new Outcome.Applied(), Duration.ofMillis(3_040)),
                        processed(new Outcome.Duplicate(at(1)), Duration.ofMillis(1_040)),
                        processed(
                                new Outcome.Rejected(CounterStream.LIMIT_PASSED),
                                Duration.ofMillis(40)),
                        processed(
                                new Outcome.Quarantined(Reason.UNDECODABLE),
                                Duration.ofMillis(2_040)));
    }

    @Test
    void an_empty_batch_asks_the_inbox_and_measures_nothing() {
        assertThat(process()).isEqualTo(new Instruction.Acknowledge());

        assertThat(calls).hasValue(1);
        assertThat(measurements.transactions()).isEmpty();
    }

    @Test
    void an_event_on_which_the_rules_break_is_parked_in_the_one_run_of_its_batch() {
        Instruction instruction =
                process(
                        delivery("m1", add("a", 5), 1),
                        delivery("m2", broken("b"), 2),
                        delivery("m3", add("b", 6), 3),
                        delivery("m4", add("c", 5), 4));

        assertThat(instruction).isEqualTo(new Instruction.Acknowledge());
        assertThat(calls).hasValue(1);
        assertThat(database.parked(subscription, new Key("b")))
                .containsExactly(new MessageId("m2"), new MessageId("m3"));
        assertThat(store.state(new Key("c"))).isEqualTo(new Count(5));
        assertThat(measurements.processed())
                .extracting(RecordedMeasurements.Processed::outcome)
                .containsExactly(
                        new Outcome.Applied(),
                        new Outcome.Parked(),
                        new Outcome.Parked(),
                        new Outcome.Applied());
        assertThat(measurements.failed()).containsExactly(new Fate.Retry(RETRY.dividedBy(2)));
    }

    @Test
    void a_decision_that_overruns_its_deadline_fails_and_the_rest_goes_on_without_it() {
        StackTraceElement[] stack = Thread.currentThread().getStackTrace();
        Supervision stuckOnTheSecond =
                new Supervision() {
                    private boolean first = true;

                    @Override
                    public <T> Taken<T> take(int times, Duration deadline, Supplier<T> turns) {
                        if (first) {
                            first = false;
                            return new Taken<>(List.of(turns.get()), List.of(stack));
                        }
                        return new DirectSupervision().take(times, deadline, turns);
                    }
                };

        Instruction instruction =
                processing(store, decisions(stuckOnTheSecond))
                        .process(() ->
                                List.of(
                                        delivery("m1", add("a", 1), 1),
                                        delivery("m2", add("a", 2), 2),
                                        delivery("m3", add("b", 4), 3),
                                        delivery("m4", add("a", 8), 4)));

        assertThat(instruction).isEqualTo(new Instruction.Acknowledge());
        assertThat(store.state(new Key("a"))).isEqualTo(new Count(1));
        assertThat(store.state(new Key("b"))).isEqualTo(new Count(4));
        assertThat(database.parked(subscription, new Key("a")))
                .containsExactly(new MessageId("m2"), new MessageId("m4"));
        assertThat(database.attempts(subscription, new MessageId("m2")))
                .singleElement()
                .satisfies(attempt -> {
                    assertThat(attempt.fault().type()).isEqualTo(Failure.Fault.OVERRUN);
                    assertThat(attempt.fault().message()).contains("1000 ms");
                    assertThat(attempt.fault().frames())
                            .anyMatch(frame -> frame.contains("EventProcessingTest"));
                });
    }

    @Test
    void nobody_to_decide_is_an_outage() {
        Supervision exhausted =
                new Supervision() {
                    @Override
                    public <T> Taken<T> take(int times, Duration deadline, Supplier<T> turns) {
                        throw new Unavailable("too many decisions hang");
                    }
                };

        assertThat(
                        processing(store, decisions(exhausted))
                                .process(() -> List.of(delivery("m1", add("a", 1), 1))))
                .isInstanceOf(Instruction.Retry.class);
        assertThat(database.state(subscription, new MessageId("m1"))).isEmpty();
    }

    @Test
    void a_refused_batch_narrows_to_the_culprit_by_halves_and_parks_it() {
        for (int size : new int[] {1, 2, 3, 7, 8, 100, 1_000}) {
            for (int culprit : new int[] {0, size / 2, size - 1}) {
                narrowsDown(size, culprit);
            }
        }
    }

    private void narrowsDown(int size, int culprit) {
        String name = "run" + size + "-" + culprit + "-";
        int offset = size * 10_000 + culprit * 100;
        List<Delivery<CountEvent>> batch = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            batch.add(delivery(name + i, add(name + i, i == culprit ? -1 : 1), offset + i));
        }
        calls.set(0);

        Instruction instruction = processing.process(() -> batch);

        assertThat(instruction).isEqualTo(new Instruction.Acknowledge());
        for (int i = 0; i < size; i++) {
            assertThat(database.state(subscription, new MessageId(name + i)))
                    .as("%s events, the culprit at %s", size, culprit)
                    .isEqualTo(i == culprit ? "parked" : "applied");
        }
        assertThat(database.attempts(subscription, new MessageId(name + culprit)))
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.fault().message()).contains("constraint"));
        int levels = 32 - Integer.numberOfLeadingZeros(size - 1);
        assertThat(calls.get()).isLessThanOrEqualTo(2 + 2 * levels);
    }

    @Test
    void what_comes_after_a_refused_event_of_its_key_waits_behind_it_across_the_halves() {
        assertThat(
                        process(
                                delivery("m1", add("a", 1), 1),
                                delivery("m2", add("a", -9), 2),
                                delivery("m3", add("b", 2), 3),
                                delivery("m4", add("a", 4), 4)))
                .isEqualTo(new Instruction.Acknowledge());

        assertThat(store.state(new Key("a"))).isEqualTo(new Count(1));
        assertThat(store.state(new Key("b"))).isEqualTo(new Count(2));
        assertThat(database.parked(subscription, new Key("a")))
                .containsExactly(new MessageId("m2"), new MessageId("m4"));
    }

    @Test
    void an_event_that_can_be_neither_applied_nor_kept_is_a_bug_and_loud() {
        Inbox<CountEvent, Count, Counted> refusing =
                (batch, deciding) -> new Settlement.Refused(new IllegalStateException("never"));

        assertThatThrownBy(() ->
                        processing(refusing).process(() -> List.of(delivery("m1", add("a", 1), 1))))
                .isInstanceOf(IllegalStateException.class)
                .hasRootCauseMessage("never");
    }

    @Test
    void what_is_too_slow_for_one_event_alone_is_its_own_fault_and_for_all_an_outage() {
        AtomicInteger alone = new AtomicInteger();
        Inbox<CountEvent, Count, Counted> slow =
                (batch, deciding) -> {
                    boolean lasting =
                            batch.stream().anyMatch(copy -> copy.position().equals(at(2)));
                    boolean patient = lasting && batch.size() == 1 && alone.incrementAndGet() > 2;
                    return lasting && !patient
                            ? new Settlement.Overrun(new IllegalStateException("timeout"))
                            : store.apply(batch, deciding);
                };

        assertThat(
                        processing(slow)
                                .process(() ->
                                        List.of(
                                                delivery("m1", add("a", 1), 1),
                                                delivery("m2", add("b", 2), 2),
                                                delivery("m3", add("c", 4), 3))))
                .isEqualTo(new Instruction.Acknowledge());
        assertThat(database.state(subscription, new MessageId("m2"))).isEqualTo("parked");
        assertThat(database.state(subscription, new MessageId("m3"))).isEqualTo("applied");

        Inbox<CountEvent, Count, Counted> slowForAll =
                (batch, deciding) -> new Settlement.Overrun(new IllegalStateException("timeout"));
        assertThat(processing(slowForAll).process(() -> List.of(delivery("m4", add("a", 1), 4))))
                .isInstanceOf(Instruction.Retry.class);
        assertThat(database.state(subscription, new MessageId("m4"))).isEmpty();
    }

    @Test
    void as_much_parked_as_may_be_pauses_the_lanes_until_there_is_room() {
        space.note(parked(LIMIT.events() - 1, LIMIT.bytes() - 1));
        assertThat(process(delivery("m1", add("a", 1), 1)))
                .isEqualTo(new Instruction.Acknowledge());

        for (ParkedLoad full : List.of(parked(LIMIT.events(), 1), parked(1, LIMIT.bytes()))) {
            calls.set(0);
            space.note(full);
            assertThat(process(delivery("m2", add("a", 1), 2)))
                    .isInstanceOfSatisfying(
                            Instruction.Retry.class,
                            retry -> assertThat(retry.why()).contains("are parked"));
            assertThat(calls).hasValue(0);
        }
        space.note(ParkedLoad.NONE);
        assertThat(process(delivery("m2", add("a", 1), 2)))
                .isEqualTo(new Instruction.Acknowledge());
    }

    private static ParkedLoad parked(long events, long bytes) {
        return new ParkedLoad(events, bytes, 1, 1, 0, Duration.ofSeconds(1));
    }

    @Test
    void an_outage_ends_though_there_is_no_room_since_nothing_is_released_before() {
        database.makeUnavailable();
        assertThat(process(delivery("m1", add("a", 1), 1))).isInstanceOf(Instruction.Retry.class);
        space.note(parked(LIMIT.events(), 1));
        database.makeAvailable();
        clock.advance(CAP);

        assertThat(process(delivery("m1", add("a", 1), 1))).isInstanceOf(Instruction.Retry.class);

        assertThat(processing.isInterrupted()).isFalse();
        assertThat(database.state(subscription, new MessageId("m1"))).isEmpty();
    }

    @Test
    void what_another_process_had_under_way_runs_alone_after_the_rest_and_keeps_its_order() {
        assertThat(crashes("dead").takeOn(List.of(delivery("m1", add("a", 1), 1)))).isEmpty();
        List<List<String>> runs = new ArrayList<>();

        Instruction instruction =
                processing(recording(runs))
                        .process(() ->
                                List.of(
                                        delivery("m1", add("a", 1), 1),
                                        delivery("m2", add("b", 2), 2),
                                        delivery("m3", add("a", 4), 3),
                                        undecodable("", "", 4)));

        assertThat(instruction).isEqualTo(new Instruction.Acknowledge());
        assertThat(runs).containsExactly(List.of("m2", ""), List.of("m1"), List.of("m3"));
        assertThat(store.state(new Key("a"))).isEqualTo(new Count(5));
    }

    @Test
    void whatever_a_process_died_at_comes_last() {
        List<Delivery.Decoded<CountEvent>> batch =
                List.of(
                        delivery("m1", add("a", 1), 1),
                        delivery("m2", add("b", 2), 2),
                        delivery("m3", add("a", 4), 3));
        assertThat(crashes("dead").takeOn(batch)).isEmpty();
        crashes("dead").enter(at(1));
        List<List<String>> runs = new ArrayList<>();

        var _ = processing(recording(runs)).process(() -> List.copyOf(batch));

        assertThat(runs).containsExactly(List.of("m2"), List.of("m1"), List.of("m3"));
        assertThat(crashes("next").takeOn(batch)).as("all have their outcome").isEmpty();
    }

    @Test
    void an_event_at_which_three_processes_died_is_parked_without_being_run() {
        Delivery.Decoded<CountEvent> deadly = delivery("m1", add("a", 1), 1);
        for (String process : List.of("p1", "p2", "p3")) {
            var _ = crashes(process).takeOn(List.of(deadly));
            crashes(process).enter(at(1));
        }

        assertThat(process(deadly, delivery("m2", add("a", 2), 2), delivery("m3", add("b", 4), 3)))
                .isEqualTo(new Instruction.Acknowledge());

        assertThat(database.parked(subscription, new Key("a")))
                .containsExactly(new MessageId("m1"), new MessageId("m2"));
        assertThat(store.state(new Key("b"))).isEqualTo(new Count(4));
        assertThat(database.attempts(subscription, new MessageId("m1")))
                .singleElement()
                .satisfies(attempt ->
                        assertThat(attempt.fault().type()).isEqualTo(Failure.Fault.DEATH));
        assertThat(crashes("next").takeOn(List.of(deadly)))
                .as("for the releaser to see")
                .containsEntry(at(1), 3);
    }

    private Inbox<CountEvent, Count, Counted> recording(List<List<String>> runs) {
        return (batch, deciding) -> {
            runs.add(
                    batch.stream()
                            .map(delivery ->
                                    delivery instanceof Delivery.Decoded<CountEvent> event
                                            ? event.messageId().value()
                                            : "")
                            .toList());
            return store.apply(batch, deciding);
        };
    }

    @Test
    void a_batch_that_was_refused_as_a_whole_only_is_acknowledged_when_its_halves_commit() {
        Inbox<CountEvent, Count, Counted> small =
                (batch, decide) ->
                        batch.size() > 2
                                ? new Settlement.Refused(new IllegalStateException("too many"))
                                : store.apply(batch, decide);
        List<Delivery<CountEvent>> batch =
                List.of(
                        delivery("m1", add("a", 1), 1),
                        delivery("m2", add("a", 2), 2),
                        delivery("m3", add("a", 4), 3),
                        delivery("m4", add("a", 8), 4),
                        delivery("m5", add("a", 16), 5));

        assertThat(processing(small).process(() -> batch)).isEqualTo(new Instruction.Acknowledge());

        assertThat(store.effects(new Key("a")))
                .extracting(booked -> booked.accepted().effect().valueAfter())
                .containsExactly(1L, 3L, 7L, 15L, 31L);
    }

    @Test
    void an_empty_batch_that_is_refused_is_a_bug_and_loud() {
        Inbox<CountEvent, Count, Counted> broken =
                (batch, decide) -> new Settlement.Refused(new IllegalStateException("why ever"));

        assertThatThrownBy(() -> processing(broken).process(List::of))
                .isInstanceOf(IllegalStateException.class)
                .hasRootCauseMessage("why ever");
    }

    @Test
    void an_outage_counts_against_no_event_and_pauses_with_growing_delays() {
        database.makeUnavailable();

        assertThat(process(delivery("m1", add("a", 5), 1)))
                .isInstanceOfSatisfying(
                        Instruction.Retry.class,
                        retry -> {
                            assertThat(retry.after()).isEqualTo(FIRST.dividedBy(2));
                            assertThat(retry.why()).contains("switched off");
                        });
        assertThat(processing.isInterrupted()).isTrue();
        for (long factor : new long[] {2, 4, 8, 16}) {
            clock.advance(CAP);
            assertThat(process(delivery("m1", add("a", 5), 1)))
                    .isInstanceOf(
                            clock.instant().isBefore(NOW.plus(WITHDRAW_AFTER))
                                    ? Instruction.Retry.class
                                    : Instruction.Withdraw.class)
                    .extracting(EventProcessingTest::after)
                    .isEqualTo(FIRST.multipliedBy(factor).dividedBy(2));
        }
        assertThat(measurements.processed()).isEmpty();
        assertThat(measurements.transactions()).isEmpty();
    }

    @Test
    void nobody_works_before_the_next_probe_is_due() {
        database.makeUnavailable();
        assertThat(process(delivery("m1", add("a", 5), 1))).isInstanceOf(Instruction.Retry.class);
        database.makeAvailable();
        clock.advance(Duration.ofMillis(60));

        assertThat(process(delivery("m2", add("a", 5), 2)))
                .extracting(EventProcessingTest::after)
                .isEqualTo(Duration.ofMillis(40));

        assertThat(calls).hasValue(0);
        assertThat(database.state(subscription, new MessageId("m2"))).isEmpty();
    }

    @Test
    void the_first_success_ends_the_outage_for_all() {
        database.makeUnavailable();
        assertThat(process(delivery("m1", add("a", 5), 1))).isInstanceOf(Instruction.Retry.class);
        database.makeAvailable();
        clock.advance(CAP);

        assertThat(process(delivery("m1", add("a", 5), 1)))
                .isEqualTo(new Instruction.Acknowledge());
        assertThat(processing.isInterrupted()).isFalse();
        assertThat(process(delivery("m2", add("a", 5), 2)))
                .isEqualTo(new Instruction.Acknowledge());
        assertThat(store.state(new Key("a"))).isEqualTo(new Count(10));
    }

    @Test
    void lanes_withdraw_when_an_outage_lasts_and_return_when_an_empty_batch_gets_through() {
        database.makeUnavailable();
        assertThat(process()).isInstanceOf(Instruction.Retry.class);
        clock.advance(WITHDRAW_AFTER.minusMillis(1));
        assertThat(process()).isInstanceOf(Instruction.Retry.class);
        clock.advance(Duration.ofMillis(1));
        assertThat(process()).isInstanceOf(Instruction.Withdraw.class);
        clock.advance(CAP);
        assertThat(process()).isInstanceOf(Instruction.Withdraw.class);
        database.makeAvailable();
        clock.advance(CAP);

        assertThat(process()).isEqualTo(new Instruction.Acknowledge());
        assertThat(processing.isInterrupted()).isFalse();

        database.makeUnavailable();
        assertThat(process()).as("a new outage begins anew").isInstanceOf(Instruction.Retry.class);
    }

    @Test
    void what_decodes_being_away_is_an_outage_too() {
        Instruction instruction =
                processing.process(() -> {
                    throw new Unavailable("no schema", new IllegalStateException("not connected"));
                });

        assertThat(instruction)
                .isInstanceOfSatisfying(
                        Instruction.Retry.class,
                        retry -> assertThat(retry.why()).contains("no schema", "not connected"));
        assertThat(calls).hasValue(0);
        assertThat(processing.isInterrupted()).isTrue();
    }

    @Test
    void an_outage_while_narrowing_down_gives_the_whole_batch_again() {
        AtomicInteger call = new AtomicInteger();
        Inbox<CountEvent, Count, Counted> failing =
                (batch, decide) -> {
                    if (call.incrementAndGet() == 3) {
                        throw new Unavailable("gone meanwhile");
                    }
                    return store.apply(batch, decide);
                };
        EventProcessing<CountEvent, Count, Counted> lane = processing(failing);
        List<Delivery<CountEvent>> batch =
                List.of(delivery("m1", add("a", 1), 1), delivery("m2", add("b", -1), 2));
        assertThat(lane.process(() -> batch)).isInstanceOf(Instruction.Retry.class);
        clock.advance(CAP);

        assertThat(lane.process(() -> batch)).isEqualTo(new Instruction.Acknowledge());
        assertThat(database.state(subscription, new MessageId("m2"))).isEqualTo("parked");
        assertThat(store.effects(new Key("a"))).hasSize(1);
        assertThat(database.copies(subscription, new MessageId("m1"))).isEqualTo(1);
    }

    @Test
    void one_prober_at_a_time_tries_and_the_others_look_in_again_soon() throws Exception {
        CountDownLatch probing = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger tries = new AtomicInteger();
        Inbox<CountEvent, Count, Counted> slow =
                (batch, decide) -> {
                    if (tries.incrementAndGet() == 1) {
                        throw new Unavailable("away");
                    }
                    probing.countDown();
                    awaitUninterrupted(release);
                    return store.apply(batch, decide);
                };
        EventProcessing<CountEvent, Count, Counted> lanes = processing(slow);
        assertThat(lanes.process(List::of)).isInstanceOf(Instruction.Retry.class);
        clock.advance(CAP);
        try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
            Future<Instruction> prober = threads.submit(() -> lanes.process(List::of));
            try {
                awaitUninterrupted(probing);
                for (int lane = 0; lane < 3; lane++) {
                    assertThat(lanes.process(List::of))
                            .isEqualTo(
                                    new Instruction.Retry(
                                            CAP, "waiting for the next probe or its result"));
                }
                assertThat(tries).hasValue(2);
            } finally {
                release.countDown();
            }
            assertThat(prober.get(10, TimeUnit.SECONDS)).isEqualTo(new Instruction.Acknowledge());
        }
        assertThat(lanes.process(List::of)).isEqualTo(new Instruction.Acknowledge());
    }

    @Test
    void a_prober_that_does_not_come_back_is_replaced_after_a_while() throws Exception {
        CountDownLatch probing = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger tries = new AtomicInteger();
        Inbox<CountEvent, Count, Counted> stuck =
                (batch, decide) -> {
                    int tried = tries.incrementAndGet();
                    if (tried == 1) {
                        throw new Unavailable("away");
                    }
                    if (tried == 2) {
                        probing.countDown();
                        awaitUninterrupted(release);
                    }
                    return store.apply(batch, decide);
                };
        EventProcessing<CountEvent, Count, Counted> lanes = processing(stuck);
        assertThat(lanes.process(List::of)).isInstanceOf(Instruction.Retry.class);
        clock.advance(CAP);
        try (ExecutorService threads = Executors.newFixedThreadPool(1)) {
            Future<Instruction> prober = threads.submit(() -> lanes.process(List::of));
            try {
                awaitUninterrupted(probing);
                clock.advance(PATIENCE);
                assertThat(lanes.process(List::of)).isEqualTo(new Instruction.Acknowledge());
            } finally {
                release.countDown();
            }
            assertThat(prober.get(10, TimeUnit.SECONDS)).isEqualTo(new Instruction.Acknowledge());
        }
    }

    @Test
    void of_many_lanes_that_come_at_once_one_probes() throws Exception {
        int lanes = 8;
        database.makeUnavailable();
        assertThat(process()).isInstanceOf(Instruction.Retry.class);
        for (int round = 0; round < 20; round++) {
            clock.advance(PATIENCE);
            calls.set(0);
            CyclicBarrier start = new CyclicBarrier(lanes);
            try (ExecutorService threads = Executors.newFixedThreadPool(lanes)) {
                List<Future<Instruction>> asked = new ArrayList<>();
                for (int lane = 0; lane < lanes; lane++) {
                    asked.add(
                            threads.submit(() -> {
                                start.await();
                                return process();
                            }));
                }
                for (Future<Instruction> instruction : asked) {
                    assertThat(instruction.get(10, TimeUnit.SECONDS))
                            .isNotEqualTo(new Instruction.Acknowledge());
                }
            }
            assertThat(calls).as("probes in round %s", round).hasValue(1);
        }
    }

    @Test
    void lanes_that_meet_an_outage_side_by_side_count_as_one_failure() throws Exception {
        int lanes = 6;
        CyclicBarrier together = new CyclicBarrier(lanes);
        EventProcessing<CountEvent, Count, Counted> processing =
                processing((batch, decide) -> {
                    if (batch.isEmpty()) {
                        try {
                            together.await(10, TimeUnit.SECONDS);
                        } catch (Exception broken) {
                            throw new AssertionError(broken);
                        }
                    }
                    throw new Unavailable("away");
                });
        try (ExecutorService threads = Executors.newFixedThreadPool(lanes)) {
            List<Future<Instruction>> asked = new ArrayList<>();
            for (int lane = 0; lane < lanes; lane++) {
                asked.add(threads.submit(() -> processing.process(List::of)));
            }
            for (Future<Instruction> instruction : asked) {
                assertThat(after(instruction.get(10, TimeUnit.SECONDS)))
                        .isEqualTo(FIRST.dividedBy(2));
            }
        }
    }

    @Test
    void a_policy_without_patience_or_that_withdraws_before_it_begins_is_refused() {
        Backoff backoff = new Backoff(FIRST, CAP);

        assertThatThrownBy(() -> new OutagePolicy(backoff, Duration.ZERO, WITHDRAW_AFTER))
                .isInstanceOf(InvalidValue.class)
                .hasMessage("probePatience must be positive");
        assertThatThrownBy(() -> new OutagePolicy(backoff, PATIENCE, Duration.ofMillis(-1)))
                .isInstanceOf(InvalidValue.class)
                .hasMessage("withdrawAfter must not be negative");
    }

    @Test
    void while_a_person_wants_a_pause_nothing_is_taken_on() {
        wish = Optional.of(HOLD);

        assertThat(process(delivery("m1", add("a", 5), 1))).isEqualTo(HOLD);
        assertThat(calls).hasValue(0);
        assertThat(database.state(subscription, new MessageId("m1"))).isEmpty();

        wish = Optional.empty();
        assertThat(process(delivery("m1", add("a", 5), 1)))
                .isEqualTo(new Instruction.Acknowledge());
    }

    @Test
    void an_outage_ends_in_a_pause_too_and_still_nothing_is_taken_on() {
        database.makeUnavailable();
        assertThat(process(delivery("m1", add("a", 5), 1))).isInstanceOf(Instruction.Retry.class);
        wish = Optional.of(HOLD);
        clock.advance(CAP);
        database.makeAvailable();

        assertThat(process(delivery("m1", add("a", 5), 1))).isEqualTo(HOLD);
        assertThat(measurements.probes()).isOne();
        assertThat(processing.isInterrupted()).isFalse();
        assertThat(database.state(subscription, new MessageId("m1"))).isEmpty();
    }

    private EventProcessing<CountEvent, Count, Counted> processing(
            Inbox<CountEvent, Count, Counted> inbox) {
        return processing(inbox, decisions(new DirectSupervision()));
    }

    private static DecisionMaking<CountEvent, Count, Counted> decisions(Supervision supervision) {
        return new DecisionMaking<>(
                CounterStream.STREAM,
                SubscriptionType.KEY_SHARED,
                new FailurePolicy(new Backoff(RETRY, CAP), 3, AfterQuarantine.WAITS),
                supervision,
                Duration.ofSeconds(1),
                () -> 0);
    }

    private EventProcessing<CountEvent, Count, Counted> processing(
            Inbox<CountEvent, Count, Counted> inbox,
            DecisionMaking<CountEvent, Count, Counted> decisions) {
        return new EventProcessing<>(
                subscription,
                decisions,
                inbox,
                crashes,
                new OutagePolicy(new Backoff(FIRST, CAP), PATIENCE, WITHDRAW_AFTER),
                space,
                () -> wish,
                clock,
                () -> 0,
                measurements);
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private Instruction process(Delivery<CountEvent>... batch) {
        List<Delivery<CountEvent>> deliveries = List.of(batch);
        return processing.process(() -> deliveries);
    }

    private RecordedMeasurements.Processed processed(Outcome outcome, Duration lag) {
        return new RecordedMeasurements.Processed(subscription, outcome, lag);
    }

    private CrashRecords crashes(String process) {
        return new InMemoryCrashRecords(database, subscription, process);
    }

    private static Duration after(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Retry retry -> retry.after();
            case Instruction.Withdraw withdraw -> withdraw.after();
            case Instruction.Hold hold -> hold.after();
            case Instruction.Acknowledge acknowledge -> throw new AssertionError(acknowledge);
        };
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }
}
