package dev.millrace.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Events are numbers, a state is their sum, and an effect the sum after the event; above 100 is
 * rejected, and on 13 the rules break.
 */
final class DeliberationTest {

    private static final Reason TOO_MUCH = new Reason("too-much");
    private static final int BREAKS = 13;
    private static final Failure.Fault FAULT = new Failure.Fault("Broken", "broke", List.of());

    @Test
    void no_event_decides_nothing() {
        assertThat(decide(List.of(), Map.of()))
                .isEqualTo(new Verdict<>(List.of(), Map.of(), List.of(), Map.of()));
    }

    @Test
    void only_states_that_changed_are_told() {
        List<Delivery.Decoded<Integer>> events =
                List.of(event("a", 1, 5), event("b", 2, 200), event("a", 3, 6));
        Map<Key, Integer> known = Map.of(new Key("a"), 10, new Key("b"), 20, new Key("c"), 30);

        assertThat(decide(events, known))
                .isEqualTo(
                        new Verdict<>(
                                List.of(
                                        new Outcome.Applied(),
                                        new Outcome.Rejected(TOO_MUCH),
                                        new Outcome.Applied()),
                                Map.of(new Key("a"), 21),
                                List.of(
                                        new Accepted<>(events.get(0), 15),
                                        new Accepted<>(events.get(2), 21)),
                                Map.of()));
    }

    @Test
    void a_random_run_equals_a_naive_loop_however_its_turns_are_cut() {
        long seed = 20_261_123;
        Random random = new Random(seed);
        for (int run = 0; run < 300; run++) {
            List<Delivery.Decoded<Integer>> events = new ArrayList<>();
            for (int i = random.nextInt(30); i > 0; i--) {
                events.add(event("k" + random.nextInt(4), i, random.nextInt(60)));
            }
            Map<Key, Integer> known = Map.of(new Key("k1"), 50, new Key("k2"), -7);
            Deliberation<Integer, Integer, Integer> cut = deliberation(events, known, true);
            while (cut.open() > 0) {
                int turns = random.nextInt(cut.open() + 1);
                take(cut, turns);
            }

            Verdict<Integer, Integer, Integer> whole = decide(events, known);
            assertThat(whole).as("seed %s, run %s", seed, run).isEqualTo(naive(events, known));
            assertThat(cut.verdict(DeliberationTest::setback)).isEqualTo(whole);
        }
    }

    /** Of one key nothing is decided after an event on which the rules broke. */
    private static Verdict<Integer, Integer, Integer> naive(
            List<Delivery.Decoded<Integer>> events, Map<Key, Integer> known) {
        Map<Key, Integer> sums = new HashMap<>(known);
        Map<Key, Integer> changed = new HashMap<>();
        List<Outcome> outcomes = new ArrayList<>();
        List<Accepted<Integer, Integer>> accepted = new ArrayList<>();
        Map<MessageId, Setback> setbacks = new HashMap<>();
        Set<Key> stuck = new HashSet<>();
        for (Delivery.Decoded<Integer> event : events) {
            int sum = sums.getOrDefault(event.key(), 0) + event.event();
            if (stuck.contains(event.key())) {
                outcomes.add(new Outcome.Parked());
            } else if (event.event() == BREAKS) {
                stuck.add(event.key());
                outcomes.add(new Outcome.Parked());
                setbacks.put(event.messageId(), setback(event, FAULT));
            } else if (sum > 100) {
                outcomes.add(new Outcome.Rejected(TOO_MUCH));
            } else {
                sums.put(event.key(), sum);
                changed.put(event.key(), sum);
                accepted.add(new Accepted<>(event, sum));
                outcomes.add(new Outcome.Applied());
            }
        }
        return new Verdict<>(outcomes, changed, accepted, setbacks);
    }

    @Test
    void an_event_on_which_the_rules_break_holds_up_its_key_and_no_other() {
        for (Throwable fault :
                List.of(
                        new IllegalStateException("broke"),
                        new StackOverflowError("too deep"),
                        new AssertionError("wrong"),
                        new NoClassDefFoundError("absent"))) {
            List<Delivery.Decoded<Integer>> events =
                    List.of(event("a", 1, 5), event("a", 2, 6), event("b", 3, 7), event("a", 4, 8));
            Deliberation<Integer, Integer, Integer> deliberation =
                    new Deliberation<>(
                            events,
                            Map.of(),
                            key -> 0,
                            (sum, event) -> event == 6 ? sneak(fault) : rules(sum, event),
                            true);
            take(deliberation, 4);

            Verdict<Integer, Integer, Integer> verdict =
                    deliberation.verdict(DeliberationTest::setback);

            assertThat(verdict.outcomes())
                    .containsExactly(
                            new Outcome.Applied(),
                            new Outcome.Parked(),
                            new Outcome.Applied(),
                            new Outcome.Parked());
            assertThat(verdict.states()).isEqualTo(Map.of(new Key("a"), 5, new Key("b"), 7));
            assertThat(verdict.setbacks())
                    .isEqualTo(Map.of(new MessageId("m2"), setback(events.get(1), FAULT)));
        }
    }

    @Test
    void where_there_is_no_order_nobody_waits_for_the_event_that_failed() {
        List<Delivery.Decoded<Integer>> events = List.of(event("a", 1, BREAKS), event("a", 2, 6));
        Deliberation<Integer, Integer, Integer> deliberation =
                deliberation(events, Map.of(), false);
        take(deliberation, 2);

        assertThat(deliberation.verdict(DeliberationTest::setback).outcomes())
                .containsExactly(new Outcome.Parked(), new Outcome.Applied());
    }

    @Test
    void an_event_may_be_failed_from_outside_and_the_rest_goes_on_without_it() {
        List<Delivery.Decoded<Integer>> events =
                List.of(event("a", 1, 5), event("a", 2, 6), event("a", 3, 7), event("b", 4, 8));
        Deliberation<Integer, Integer, Integer> deliberation = deliberation(events, Map.of(), true);
        Supplier<Ruling<Integer, Integer>> abandoned = deliberation.turns();
        deliberation.keep(List.of(abandoned.get()));
        deliberation.fail(FAULT);
        assertThat(abandoned.get()).as("too late").isNotNull();
        take(deliberation, 2);

        Verdict<Integer, Integer, Integer> verdict =
                deliberation.verdict(DeliberationTest::setback);

        assertThat(verdict.states()).isEqualTo(Map.of(new Key("a"), 5, new Key("b"), 8));
        assertThat(verdict.setbacks())
                .isEqualTo(Map.of(new MessageId("m2"), setback(events.get(1), FAULT)));
    }

    @Test
    void there_is_no_verdict_while_an_event_is_open() {
        Deliberation<Integer, Integer, Integer> deliberation =
                deliberation(List.of(event("a", 1, 5)), Map.of(), true);

        assertThatThrownBy(() -> deliberation.verdict(DeliberationTest::setback))
                .isInstanceOf(IllegalStateException.class);
        take(deliberation, 1);
        assertThatThrownBy(() -> deliberation.fail(FAULT))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void an_initial_state_that_breaks_is_the_fault_of_its_event() {
        Deliberation<Integer, Integer, Integer> deliberation =
                new Deliberation<>(
                        List.of(event("a", 1, 5)),
                        Map.of(),
                        key -> {
                            throw new IllegalStateException("broke");
                        },
                        DeliberationTest::rules,
                        true);

        assertThat(deliberation.turns().get()).isInstanceOf(Ruling.Failed.class);
    }

    @Test
    @SuppressWarnings("NullAway") // The rules under test break their contract.
    void rules_that_give_no_decision_are_broken() {
        Deliberation<Integer, Integer, Integer> deliberation =
                new Deliberation<>(
                        List.of(event("a", 1, 5)), Map.of(), key -> 0, (sum, event) -> null, true);

        assertThat(deliberation.turns().get())
                .isInstanceOfSatisfying(
                        Ruling.Failed.class,
                        failed ->
                                assertThat(failed.fault().message())
                                        .isEqualTo("the rules gave no decision"));
    }

    @Test
    void an_error_of_the_machine_is_nobodys_fault() {
        Deliberation<Integer, Integer, Integer> deliberation =
                new Deliberation<>(
                        List.of(event("a", 1, 5)),
                        Map.of(),
                        key -> 0,
                        (sum, event) -> {
                            throw new OutOfMemoryError("a test");
                        },
                        true);

        assertThatThrownBy(() -> deliberation.turns().get()).isInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void a_verdict_cannot_be_changed() {
        List<Outcome> outcomes = new ArrayList<>(List.of(new Outcome.Applied()));
        Verdict<Integer, Integer, Integer> verdict =
                new Verdict<>(outcomes, Map.of(), List.of(), Map.of());
        outcomes.clear();

        assertThat(verdict.outcomes()).hasSize(1);
        assertThatThrownBy(() -> verdict.outcomes().clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }

    private static Verdict<Integer, Integer, Integer> decide(
            List<Delivery.Decoded<Integer>> events, Map<Key, Integer> known) {
        Deliberation<Integer, Integer, Integer> deliberation = deliberation(events, known, true);
        take(deliberation, events.size());
        return deliberation.verdict(DeliberationTest::setback);
    }

    private static Deliberation<Integer, Integer, Integer> deliberation(
            List<Delivery.Decoded<Integer>> events, Map<Key, Integer> known, boolean ordered) {
        return new Deliberation<>(events, known, key -> 0, DeliberationTest::rules, ordered);
    }

    private static void take(Deliberation<Integer, Integer, Integer> deliberation, int turns) {
        deliberation.keep(Stream.generate(deliberation.turns()).limit(turns).toList());
    }

    /** The same for every fault, so that verdicts can be compared. */
    private static Setback setback(Delivery.Decoded<Integer> event, Failure.Fault fault) {
        assertThat(fault.message()).isNotEmpty();
        return new Setback(1, FAULT, new Fate.Retry(Duration.ofMillis(event.event())));
    }

    private static Decision<Integer, Integer> rules(int sum, int event) {
        if (event == BREAKS) {
            throw new IllegalStateException("broke");
        }
        return sum + event > 100
                ? new Decision.Reject<>(TOO_MUCH)
                : new Decision.Accept<>(sum + event, sum + event);
    }

    private static Decision<Integer, Integer> sneak(Throwable fault) {
        switch (fault) {
            case RuntimeException exception -> throw exception;
            case Error error -> throw error;
            default -> throw new AssertionError(fault);
        }
    }

    private static Delivery.Decoded<Integer> event(String key, int number, int value) {
        return new Delivery.Decoded<>(
                new MessageId("m" + number),
                new Key(key),
                value,
                Digest.of(new CanonicalForm(key + value)),
                new Copy(
                        new Position(1, number, 0, 0), Instant.EPOCH, Payload.EMPTY, "", Map.of()));
    }
}
