package dev.millrace.ports.usecase;

import static dev.millrace.ports.counter.Deliveries.PUBLISHED_AT;
import static dev.millrace.ports.counter.Deliveries.add;
import static dev.millrace.ports.counter.Deliveries.at;
import static dev.millrace.ports.counter.Deliveries.broken;
import static dev.millrace.ports.counter.Deliveries.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.domain.AfterQuarantine;
import dev.millrace.domain.Backoff;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.FailedAttempt;
import dev.millrace.domain.Failure;
import dev.millrace.domain.FailurePolicy;
import dev.millrace.domain.Fate;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.Outcome;
import dev.millrace.domain.ParkedEvent;
import dev.millrace.domain.ParkedLoad;
import dev.millrace.domain.ParkingLimit;
import dev.millrace.domain.QuarantineLoad;
import dev.millrace.domain.Reason;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.SubscriptionType;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.Verdict;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.contract.QuarantinedCopy;
import dev.millrace.ports.counter.Count;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.Counted;
import dev.millrace.ports.counter.CounterDecoder;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.driven.CrashRecords;
import dev.millrace.ports.driven.Decoder;
import dev.millrace.ports.driven.ParkedEvents;
import dev.millrace.ports.driven.Release;
import dev.millrace.ports.driving.Instruction;
import dev.millrace.ports.fake.DirectSupervision;
import dev.millrace.ports.fake.InMemoryCrashRecords;
import dev.millrace.ports.fake.InMemoryDatabase;
import dev.millrace.ports.fake.InMemoryInbox;
import dev.millrace.ports.fake.InMemoryParkedEvents;
import dev.millrace.ports.fake.RecordedMeasurements;
import dev.millrace.ports.fake.SettableClock;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

final class EventReleasingTest {

    private static final Instant NOW = PUBLISHED_AT.plusSeconds(2);
    private static final Duration INTERVAL = Duration.ofMillis(500);
    private static final Backoff OUTAGE =
            new Backoff(Duration.ofMillis(200), Duration.ofSeconds(5));
    private static final Backoff RETRIES =
            new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(60));
    private static final int ATTEMPTS = 3;
    private static final int RUN = 4;

    private final SubscriptionId subscription =
            new SubscriptionId(
                    new Tenant("millrace"), new Namespace("events"), CounterStream.NAME, "counts");
    private final SettableClock clock = new SettableClock(NOW);
    private final InMemoryDatabase database = new InMemoryDatabase();
    private final AtomicInteger least = new AtomicInteger();
    private final InMemoryInbox<CountEvent, Count, Counted> store =
            new InMemoryInbox<>(
                    database,
                    subscription,
                    CounterStream.STREAM,
                    count -> count.value() >= least.get(),
                    clock);
    private final RecordedMeasurements measurements = new RecordedMeasurements();
    private final ParkingSpace space = new ParkingSpace(new ParkingLimit(100, 10_000, 50));
    private final DecisionMaking<CountEvent, Count, Counted> decisions =
            new DecisionMaking<>(
                    CounterStream.STREAM,
                    SubscriptionType.KEY_SHARED,
                    new FailurePolicy(RETRIES, ATTEMPTS, AfterQuarantine.WAITS),
                    new DirectSupervision(),
                    Duration.ofSeconds(1),
                    () -> 0);
    private final EventProcessing<CountEvent, Count, Counted> lanes =
            new EventProcessing<>(
                    subscription,
                    decisions,
                    store,
                    crashes("this"),
                    new OutagePolicy(OUTAGE, Duration.ofSeconds(30), Duration.ofSeconds(15)),
                    space,
                    Optional::empty,
                    clock,
                    () -> 0,
                    measurements);
    private Optional<Instruction.Hold> wish = Optional.empty();
    private final Set<String> mended = new HashSet<>();
    private final EventReleasing<CountEvent, Count, Counted> releasing =
            releasing(parked(AfterQuarantine.WAITS), new CounterDecoder(mended::contains));

    @Test
    void nothing_parked_is_looked_at_again_after_the_interval() {
        assertThat(releasing.release()).isEqualTo(INTERVAL);
        assertThat(measurements.released()).isEmpty();
    }

    @Test
    void while_a_person_wants_a_pause_nothing_is_tried_but_what_is_parked_is_known() {
        lanesGet(delivery("m1", broken("a"), 1), delivery("m2", add("a", 1), 2));
        clock.advance(Duration.ofSeconds(1));
        wish = Optional.of(new Instruction.Hold(Duration.ofMillis(100), "paused by anna"));

        assertThat(releasing.release()).isEqualTo(INTERVAL);
        assertThat(attemptsOf("m1")).containsExactly(1);
        assertThat(space.load().events()).isEqualTo(2);

        wish = Optional.empty();
        assertThat(releasing.release()).isEqualTo(Duration.ZERO);
        assertThat(attemptsOf("m1")).containsExactly(1, 2);
    }

    @Test
    void a_head_is_tried_when_its_delay_is_over_with_growing_delays_and_needs_a_person_at_last() {
        lanesGet(delivery("m1", broken("a"), 1), delivery("m2", add("a", 1), 2));
        assertThat(releasing.release()).as("not due yet").isEqualTo(INTERVAL);
        clock.advance(Duration.ofSeconds(1));
        assertThat(releasing.release()).isEqualTo(Duration.ZERO);
        clock.advance(Duration.ofMillis(1_999));
        assertThat(releasing.release()).as("not due yet").isEqualTo(INTERVAL);
        assertThat(attemptsOf("m1")).containsExactly(1, 2);
        clock.advance(Duration.ofMillis(1));
        assertThat(releasing.release()).isEqualTo(Duration.ZERO);

        assertThat(attemptsOf("m1")).containsExactly(1, 2, 3);
        assertThat(database.quarantine(subscription))
                .extracting(QuarantinedCopy::reason)
                .containsExactly(Reason.ATTEMPTS_EXHAUSTED);
        assertThat(measurements.failed())
                .containsExactly(
                        new Fate.Retry(Duration.ofSeconds(1)),
                        new Fate.Retry(Duration.ofSeconds(2)),
                        new Fate.Quarantine(Reason.ATTEMPTS_EXHAUSTED));
        clock.advance(Duration.ofHours(1));
        assertThat(releasing.release()).as("it waits for a person").isEqualTo(INTERVAL);
        assertThat(space.load())
                .isEqualTo(new ParkedLoad(1, 35, 1, 1, 1, Duration.ofHours(1).plusSeconds(5)));
    }

    @Test
    void a_long_queue_is_released_in_order_by_bounded_steps_while_new_ones_queue_up() {
        lanesGet(delivery("m0", broken("a"), 0));
        for (int i = 1; i <= 9; i++) {
            lanesGet(delivery("m" + i, add("a", 1L << i), i));
        }
        mended.add("m0");
        clock.advance(Duration.ofSeconds(1));

        assertThat(releasing.release()).isEqualTo(Duration.ZERO);
        assertThat(store.effects(new Key("a"))).hasSize(RUN);
        lanesGet(delivery("m10", add("a", 0), 10));
        assertThat(releasing.release()).isEqualTo(Duration.ZERO);
        assertThat(releasing.release()).isEqualTo(Duration.ZERO);
        assertThat(releasing.release()).isEqualTo(INTERVAL);

        assertThat(store.effects(new Key("a")))
                .extracting(booked -> booked.accepted().effect().valueAfter())
                .containsExactly(1L, 3L, 7L, 15L, 31L, 63L, 127L, 255L, 511L, 511L);
        assertThat(database.parked(subscription, new Key("a"))).isEmpty();
    }

    @Test
    void a_write_that_is_refused_counts_against_its_event_alone() {
        least.set(0);
        lanesGet(
                delivery("m0", broken("a"), 0),
                delivery("m1", add("a", 1), 1),
                delivery("m2", add("a", -9), 2),
                delivery("m3", add("a", 1), 3));
        mended.add("m0");
        clock.advance(Duration.ofSeconds(1));

        assertThat(releasing.release()).isEqualTo(Duration.ZERO);

        assertThat(store.state(new Key("a"))).isEqualTo(new Count(2));
        assertThat(database.parked(subscription, new Key("a")))
                .containsExactly(new MessageId("m2"), new MessageId("m3"));
        assertThat(attemptsOf("m2")).containsExactly(1);
        assertThat(releasing.release()).isEqualTo(INTERVAL);
        least.set(-100);
        clock.advance(Duration.ofSeconds(1));
        assertThat(releasing.release()).isEqualTo(Duration.ZERO);
        assertThat(store.state(new Key("a"))).isEqualTo(new Count(-6));
    }

    @Test
    void bytes_that_are_not_read_any_more_count_as_a_failed_try() {
        lanesGet(delivery("m0", broken("a"), 0), delivery("m1", add("a", 1), 1));
        clock.advance(Duration.ofSeconds(1));
        Decoder<CountEvent> blind =
                event ->
                        new Delivery.Undecodable<>(
                                event.messageId().value(),
                                event.key().value(),
                                "blind",
                                event.copy());

        assertThat(releasing(parked(AfterQuarantine.WAITS), blind).release())
                .isEqualTo(Duration.ZERO);

        assertThat(database.attempts(subscription, new MessageId("m0")))
                .extracting(attempt -> attempt.fault().type())
                .containsExactly("java.lang.IllegalStateException", "undecodable");
        assertThat(attemptsOf("m1")).isEmpty();
    }

    @Test
    void an_outage_counts_nothing_and_is_waited_for_with_growing_delays() {
        lanesGet(delivery("m0", broken("a"), 0));
        clock.advance(Duration.ofSeconds(1));
        database.makeUnavailable();
        assertThat(releasing.release()).isEqualTo(Duration.ofMillis(100));
        assertThat(releasing.release()).isEqualTo(Duration.ofMillis(200));
        database.makeAvailable();
        Decoder<CountEvent> noSchema =
                _ -> {
                    throw new Unavailable("the schema cannot be looked up");
                };
        assertThat(releasing(parked(AfterQuarantine.WAITS), noSchema).release())
                .isEqualTo(Duration.ofMillis(100));

        assertThat(attemptsOf("m0")).containsExactly(1);
        assertThat(releasing.release()).isEqualTo(Duration.ZERO);
    }

    @Test
    void what_holds_the_lanes_holds_the_releaser_too() {
        lanesGet(delivery("m0", broken("a"), 0));
        clock.advance(Duration.ofSeconds(1));
        database.makeUnavailable();
        assertThat(lanes.process(List::of)).isInstanceOf(Instruction.Retry.class);
        database.makeAvailable();

        assertThat(releasing.release()).isEqualTo(INTERVAL);
        assertThat(attemptsOf("m0")).containsExactly(1);

        clock.advance(Duration.ofSeconds(5));
        assertThat(lanes.process(List::of)).isEqualTo(new Instruction.Acknowledge());
        assertThat(releasing.release()).isEqualTo(Duration.ZERO);
        assertThat(attemptsOf("m0")).containsExactly(1, 2);
    }

    @Test
    void a_key_that_somebody_holds_is_waited_for_after_the_others() {
        lanesGet(delivery("m0", broken("a"), 0), delivery("m1", broken("b"), 1));
        mended.addAll(List.of("m0", "m1"));
        clock.advance(Duration.ofSeconds(1));
        List<String> asked = new ArrayList<>();
        Wrapped held =
                new Wrapped(parked(AfterQuarantine.WAITS)) {
                    @Override
                    public Release release(
                            List<ParkedEvent> run,
                            Patience patience,
                            Function<Map<Key, Count>, Verdict<CountEvent, Count, Counted>> decide) {
                        Key key = run.getFirst().key();
                        asked.add(key + " " + patience);
                        return key.value().equals("a") && patience == Patience.SKIP
                                ? new Release.Elsewhere()
                                : super.release(run, patience, decide);
                    }
                };

        assertThat(releasing(held, new CounterDecoder(mended::contains)).release())
                .isEqualTo(Duration.ZERO);

        assertThat(asked).containsExactly("a SKIP", "b SKIP", "a WAIT");
        assertThat(store.effects(new Key("a"))).hasSize(1);
    }

    @Test
    void a_bug_is_loud_and_holds_up_no_other_key() {
        lanesGet(delivery("m0", broken("a"), 0), delivery("m1", broken("b"), 1));
        mended.addAll(List.of("m0", "m1"));
        clock.advance(Duration.ofSeconds(1));
        Wrapped buggy =
                new Wrapped(parked(AfterQuarantine.WAITS)) {
                    @Override
                    public List<ParkedEvent> queue(ParkedEvent head, int limit) {
                        if (head.key().value().equals("a")) {
                            throw new IllegalStateException("a bug");
                        }
                        return super.queue(head, limit);
                    }
                };

        assertThatThrownBy(() -> releasing(buggy, new CounterDecoder(mended::contains)).release())
                .hasMessage("a bug");

        assertThat(store.effects(new Key("b"))).hasSize(1);
    }

    @Test
    void what_is_released_is_measured() {
        lanesGet(delivery("m0", broken("a"), 0), delivery("m1", add("a", 2_000), 1));
        mended.add("m0");
        clock.advance(Duration.ofSeconds(1));
        assertThat(releasing.release()).isEqualTo(Duration.ZERO);

        assertThat(measurements.released())
                .containsExactly(
                        new RecordedMeasurements.Processed(
                                subscription, new Outcome.Applied(), Duration.ofSeconds(3)),
                        new RecordedMeasurements.Processed(
                                subscription,
                                new Outcome.Rejected(CounterStream.LIMIT_PASSED),
                                Duration.ofSeconds(3)));
    }

    @Test
    void a_head_at_which_three_processes_died_needs_a_person_without_being_tried_again() {
        Delivery.Decoded<CountEvent> deadly = delivery("m1", broken("a"), 1);
        lanesGet(deadly, delivery("m2", add("a", 1), 2));
        for (String process : List.of("p1", "p2", "p3")) {
            var _ = crashes(process).takeOn(List.of(deadly));
            crashes(process).enter(at(1));
        }
        mended.add("m1");
        clock.advance(Duration.ofSeconds(1));

        assertThat(releasing.release()).isEqualTo(Duration.ZERO);

        assertThat(database.quarantine(subscription))
                .extracting(QuarantinedCopy::reason)
                .containsExactly(Reason.ATTEMPTS_EXHAUSTED);
        assertThat(database.attempts(subscription, new MessageId("m1")).getLast().fault().type())
                .isEqualTo(Failure.Fault.DEATH);
        assertThat(database.parked(subscription, new Key("a")))
                .containsExactly(new MessageId("m2"));
    }

    @Test
    void a_suspect_behind_a_head_runs_alone_after_what_is_before_it() {
        Delivery.Decoded<CountEvent> suspect = delivery("m2", add("a", 2), 2);
        lanesGet(
                delivery("m0", broken("a"), 0),
                delivery("m1", add("a", 1), 1),
                suspect,
                delivery("m3", add("a", 4), 3));
        var _ = crashes("dead").takeOn(List.of(suspect));
        mended.add("m0");
        clock.advance(Duration.ofSeconds(1));

        List<Integer> released = new ArrayList<>();
        while (!database.parked(subscription, new Key("a")).isEmpty()) {
            assertThat(releasing.release()).isEqualTo(Duration.ZERO);
            released.add(measurements.released().size());
        }

        assertThat(released).containsExactly(2, 3, 4);
    }

    private ParkedEvents<CountEvent, Count, Counted> parked(AfterQuarantine afterQuarantine) {
        return new InMemoryParkedEvents<>(store, afterQuarantine);
    }

    private EventReleasing<CountEvent, Count, Counted> releasing(
            ParkedEvents<CountEvent, Count, Counted> parked, Decoder<CountEvent> decoder) {
        return new EventReleasing<>(
                subscription,
                parked,
                decoder,
                decisions,
                crashes("this"),
                new EventReleasing.Pace(INTERVAL, OUTAGE, 10, RUN),
                space,
                lanes::isInterrupted,
                () -> wish,
                clock,
                () -> 0,
                measurements);
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private void lanesGet(Delivery<CountEvent>... batch) {
        List<Delivery<CountEvent>> deliveries = List.of(batch);
        assertThat(lanes.process(() -> deliveries)).isEqualTo(new Instruction.Acknowledge());
    }

    private CrashRecords crashes(String process) {
        return new InMemoryCrashRecords(database, subscription, process);
    }

    private List<Integer> attemptsOf(String messageId) {
        return database.attempts(subscription, new MessageId(messageId)).stream()
                .map(FailedAttempt::number)
                .toList();
    }

    /** Passes everything on. */
    private abstract static class Wrapped implements ParkedEvents<CountEvent, Count, Counted> {
        private final ParkedEvents<CountEvent, Count, Counted> inner;

        Wrapped(ParkedEvents<CountEvent, Count, Counted> inner) {
            this.inner = inner;
        }

        @Override
        public List<ParkedEvent> due(int limit) {
            return inner.due(limit);
        }

        @Override
        public List<ParkedEvent> queue(ParkedEvent head, int limit) {
            return inner.queue(head, limit);
        }

        @Override
        public Release release(
                List<ParkedEvent> run,
                Patience patience,
                Function<Map<Key, Count>, Verdict<CountEvent, Count, Counted>> decide) {
            return inner.release(run, patience, decide);
        }

        @Override
        public ParkedLoad load() {
            return inner.load();
        }

        @Override
        public QuarantineLoad quarantined() {
            return inner.quarantined();
        }
    }
}
