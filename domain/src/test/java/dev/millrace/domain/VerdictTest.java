package dev.millrace.domain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Events are numbers, a state is their sum, and an effect the sum after the event; above 100 is
 * rejected.
 */
final class VerdictTest {

    private static final Reason TOO_MUCH = new Reason("too-much");

    @Test
    void no_event_decides_nothing() {
        assertThat(decide(List.of(), Map.of()))
                .isEqualTo(new Verdict.Decided<>(List.of(), Map.of(), List.of()));
    }

    @Test
    void only_states_that_changed_are_told() {
        List<Delivery.Decoded<Integer>> events =
                List.of(event("a", 1, 5), event("b", 2, 200), event("a", 3, 6));
        Map<Key, Integer> known = Map.of(new Key("a"), 10, new Key("b"), 20, new Key("c"), 30);

        assertThat(decide(events, known))
                .isEqualTo(
                        new Verdict.Decided<>(
                                List.of(
                                        new Outcome.Applied(),
                                        new Outcome.Rejected(TOO_MUCH),
                                        new Outcome.Applied()),
                                Map.of(new Key("a"), 21),
                                List.of(
                                        new Accepted<>(events.get(0), 15),
                                        new Accepted<>(events.get(2), 21))));
    }

    @Test
    void a_random_run_equals_a_naive_loop() {
        long seed = 20_261_123;
        Random random = new Random(seed);
        for (int run = 0; run < 300; run++) {
            List<Delivery.Decoded<Integer>> events = new ArrayList<>();
            for (int i = random.nextInt(30); i > 0; i--) {
                events.add(event("k" + random.nextInt(4), i, random.nextInt(60)));
            }
            Map<Key, Integer> known = Map.of(new Key("k1"), 50, new Key("k2"), -7);

            assertThat(decide(events, known))
                    .as("seed %s, run %s", seed, run)
                    .isEqualTo(naive(events, known));
        }
    }

    private static Verdict<Integer, Integer, Integer> naive(
            List<Delivery.Decoded<Integer>> events, Map<Key, Integer> known) {
        Map<Key, Integer> sums = new HashMap<>(known);
        Map<Key, Integer> changed = new HashMap<>();
        List<Outcome> outcomes = new ArrayList<>();
        List<Accepted<Integer, Integer>> accepted = new ArrayList<>();
        for (Delivery.Decoded<Integer> event : events) {
            int sum = sums.getOrDefault(event.key(), 0) + event.event();
            if (sum > 100) {
                outcomes.add(new Outcome.Rejected(TOO_MUCH));
                continue;
            }
            sums.put(event.key(), sum);
            changed.put(event.key(), sum);
            accepted.add(new Accepted<>(event, sum));
            outcomes.add(new Outcome.Applied());
        }
        return new Verdict.Decided<>(outcomes, changed, accepted);
    }

    @Test
    void rules_that_break_name_the_event_and_decide_nothing() {
        List<Delivery.Decoded<Integer>> events =
                List.of(event("a", 1, 5), event("a", 2, 6), event("a", 3, 7));
        for (Throwable fault :
                List.of(new IllegalStateException("broke"), new StackOverflowError("too deep"))) {
            Verdict<Integer, Integer, Integer> verdict =
                    Verdict.on(
                            events,
                            Map.of(),
                            key -> 0,
                            (sum, event) -> event == 6 ? sneak(fault) : rules(sum, event));

            assertThat(verdict).isEqualTo(new Verdict.Broke<>(events.get(1), fault));
        }
    }

    @Test
    void an_initial_state_that_breaks_is_the_fault_of_its_event() {
        List<Delivery.Decoded<Integer>> events = List.of(event("a", 1, 5));
        RuntimeException fault = new IllegalStateException("broke");

        assertThat(
                        Verdict.<Integer, Integer, Integer>on(
                                events,
                                Map.of(),
                                key -> {
                                    throw fault;
                                },
                                VerdictTest::rules))
                .isEqualTo(new Verdict.Broke<>(events.getFirst(), fault));
    }

    @Test
    @SuppressWarnings("NullAway") // The rules under test break their contract.
    void rules_that_give_no_decision_are_broken() {
        assertThat(
                        Verdict.<Integer, Integer, Integer>on(
                                List.of(event("a", 1, 5)),
                                Map.of(),
                                key -> 0,
                                (sum, event) -> null))
                .isInstanceOfSatisfying(
                        Verdict.Broke.class,
                        broke ->
                                assertThat(broke.cause()).hasMessage("the rules gave no decision"));
    }

    @Test
    void an_error_of_the_machine_is_nobodys_fault() {
        assertThatThrownBy(() ->
                        Verdict.<Integer, Integer, Integer>on(
                                List.of(event("a", 1, 5)),
                                Map.of(),
                                key -> 0,
                                (sum, event) -> {
                                    throw new OutOfMemoryError("a test");
                                }))
                .isInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void a_verdict_cannot_be_changed() {
        List<Outcome> outcomes = new ArrayList<>(List.of(new Outcome.Applied()));
        Verdict.Decided<Integer, Integer, Integer> decided =
                new Verdict.Decided<>(outcomes, Map.of(), List.of());
        outcomes.clear();

        assertThat(decided.outcomes()).hasSize(1);
        assertThatThrownBy(() -> decided.outcomes().clear())
                .isInstanceOf(UnsupportedOperationException.class);
    }

    private static Verdict<Integer, Integer, Integer> decide(
            List<Delivery.Decoded<Integer>> events, Map<Key, Integer> known) {
        return Verdict.on(events, known, key -> 0, VerdictTest::rules);
    }

    private static Decision<Integer, Integer> rules(int sum, int event) {
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
