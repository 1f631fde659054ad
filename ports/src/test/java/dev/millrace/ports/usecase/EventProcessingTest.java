package dev.millrace.ports.usecase;

import static dev.millrace.ports.counter.Deliveries.PUBLISHED_AT;
import static dev.millrace.ports.counter.Deliveries.add;
import static dev.millrace.ports.counter.Deliveries.at;
import static dev.millrace.ports.counter.Deliveries.broken;
import static dev.millrace.ports.counter.Deliveries.delivery;
import static dev.millrace.ports.counter.Deliveries.undecodable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.domain.Backoff;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.InvalidValue;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.Outcome;
import dev.millrace.domain.Reason;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Tenant;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.counter.Count;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.Counted;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.driven.Inbox;
import dev.millrace.ports.driven.Settlement;
import dev.millrace.ports.driving.Instruction;
import dev.millrace.ports.fake.InMemoryDatabase;
import dev.millrace.ports.fake.InMemoryInbox;
import dev.millrace.ports.fake.RecordedMeasurements;
import dev.millrace.ports.fake.SettableClock;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

final class EventProcessingTest {

    private static final Instant NOW = PUBLISHED_AT.plusSeconds(2);
    private static final Duration FIRST = Duration.ofMillis(200);
    private static final Duration CAP = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration WITHDRAW_AFTER = Duration.ofSeconds(15);

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
                                subscription, 4, Duration.ofMillis(40)));
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
    void an_event_on_which_the_rules_break_halts_the_lane_and_is_named() {
        Instruction instruction =
                process(
                        delivery("m1", add("a", 5), 1),
                        delivery("m2", broken("b"), 2),
                        delivery("m3", add("c", 5), 3));

        assertThat(instruction)
                .isInstanceOfSatisfying(
                        Instruction.Halt.class,
                        halt -> {
                            assertThat(halt.committed()).isZero();
                            assertThat(halt.messageId()).isEqualTo("m2");
                            assertThat(halt.position()).isEqualTo(at(2));
                            assertThat(halt.why()).contains("the rules broke");
                        });
        assertThat(database.copies(subscription, new MessageId("m1"))).isZero();
        assertThat(measurements.processed()).isEmpty();
        assertThat(processing.isInterrupted()).isFalse();
    }

    @Test
    void a_refused_batch_narrows_to_the_culprit_by_halves() {
        for (int size : new int[] {1, 2, 3, 7, 8, 100}) {
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

        assertThat(instruction)
                .as("%s events, the culprit at %s", size, culprit)
                .isInstanceOfSatisfying(
                        Instruction.Halt.class,
                        halt -> {
                            assertThat(halt.committed()).isEqualTo(culprit);
                            assertThat(halt.messageId()).isEqualTo(name + culprit);
                            assertThat(halt.position()).isEqualTo(at(offset + culprit));
                            assertThat(halt.why()).contains("constraint");
                        });
        for (int i = 0; i < size; i++) {
            assertThat(database.copies(subscription, new MessageId(name + i)))
                    .isEqualTo(i < culprit ? 1 : 0);
        }
        int levels = 32 - Integer.numberOfLeadingZeros(size - 1);
        assertThat(calls.get()).isLessThanOrEqualTo(1 + 2 * levels);
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

        assertThat(calls).hasValue(1);
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

        assertThat(lane.process(() -> batch))
                .isInstanceOfSatisfying(
                        Instruction.Halt.class, halt -> assertThat(halt.committed()).isEqualTo(1));
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

    private EventProcessing<CountEvent, Count, Counted> processing(
            Inbox<CountEvent, Count, Counted> inbox) {
        return new EventProcessing<>(
                subscription,
                CounterStream.STREAM,
                inbox,
                new OutagePolicy(new Backoff(FIRST, CAP), PATIENCE, WITHDRAW_AFTER),
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

    private static Duration after(Instruction instruction) {
        return switch (instruction) {
            case Instruction.Retry retry -> retry.after();
            case Instruction.Withdraw withdraw -> withdraw.after();
            case Instruction.Acknowledge acknowledge -> throw new AssertionError(acknowledge);
            case Instruction.Halt halt -> throw new AssertionError(halt);
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
