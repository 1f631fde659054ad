package dev.millrace.ports.contract;

import static dev.millrace.ports.counter.Deliveries.add;
import static dev.millrace.ports.counter.Deliveries.at;
import static dev.millrace.ports.counter.Deliveries.broken;
import static dev.millrace.ports.counter.Deliveries.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.domain.AfterQuarantine;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.FailedAttempt;
import dev.millrace.domain.Fate;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Outcome;
import dev.millrace.domain.ParkedEvent;
import dev.millrace.domain.ParkedLoad;
import dev.millrace.domain.Reason;
import dev.millrace.domain.Verdict;
import dev.millrace.ports.MessageOutcome;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.counter.Count;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.Counted;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.driven.Deciding;
import dev.millrace.ports.driven.MessageHistory;
import dev.millrace.ports.driven.ParkedEvents;
import dev.millrace.ports.driven.ParkedEvents.Patience;
import dev.millrace.ports.driven.Release;
import dev.millrace.ports.driven.Settlement;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.LongStream;

/**
 * What every {@link ParkedEvents} must do with what the inbox beside it has parked, where there is
 * order.
 */
public interface ParkedEventsContract extends InboxContract {

    /** The parked events of the inbox. */
    ParkedEvents<CountEvent, Count, Counted> parkedEvents(AfterQuarantine afterQuarantine);

    /** The history of the inbox's subscription. */
    MessageHistory history();

    private ParkedEvents<CountEvent, Count, Counted> parked() {
        return parkedEvents(AfterQuarantine.WAITS);
    }

    @Test
    default void nothing_is_due_where_nothing_is_parked() {
        inboxGets(Duration.ZERO, delivery("m1", add("a", 1), 1));

        assertThat(parked().due(10)).isEmpty();
        assertThat(parked().load()).isEqualTo(ParkedLoad.NONE);
    }

    @Test
    default void a_head_is_due_when_its_delay_is_over_and_its_followers_never_are() {
        inboxGets(Duration.ofHours(1), delivery("m1", broken("a"), 1));
        inboxGets(Duration.ZERO, delivery("m2", broken("b"), 2), delivery("m3", add("b", 1), 3));

        List<ParkedEvent> due = parked().due(10);

        assertThat(due).extracting(ParkedEvent::messageId).containsExactly(new MessageId("m2"));
        ParkedEvent head = due.getFirst();
        Delivery.Decoded<CountEvent> parked = delivery("m2", broken("b"), 2);
        assertThat(head.key()).isEqualTo(parked.key());
        assertThat(head.digest()).isEqualTo(parked.digest());
        assertThat(head.copy()).isEqualTo(parked.copy());
        assertThat(head.attempts()).isEqualTo(1);
        assertThat(parked().queue(head, 10))
                .extracting(ParkedEvent::messageId)
                .containsExactly(new MessageId("m2"), new MessageId("m3"));
        assertThat(parked().queue(head, 1)).containsExactly(head);
        ParkedLoad load = parked().load();
        assertThat(load.oldest()).isPositive();
        assertThat(load)
                .isEqualTo(
                        new ParkedLoad(
                                3,
                                bytes(broken("a")) + bytes(broken("b")) + bytes(add("b", 1)),
                                2,
                                2,
                                0,
                                load.oldest()));
    }

    @Test
    default void at_most_the_limit_is_due_the_longest_due_first() {
        for (int i = 0; i < 5; i++) {
            inboxGets(Duration.ZERO, delivery("m" + i, broken("k" + (9 - i)), i));
        }

        assertThat(parked().due(3))
                .extracting(event -> event.messageId().value())
                .containsExactly("m0", "m1", "m2");
    }

    @Test
    default void a_head_that_fails_again_gets_its_attempt_and_waits_anew() {
        inboxGets(Duration.ZERO, delivery("m1", broken("a"), 1), delivery("m2", add("a", 1), 2));

        assertThat(release(queue(), failing(new Fate.Retry(Duration.ZERO))))
                .isEqualTo(committed(new Outcome.Parked(), new Outcome.Parked()));

        assertThat(attemptsOf(new MessageId("m1")))
                .extracting(FailedAttempt::number)
                .containsExactly(1, 2);
        assertThat(queue()).extracting(ParkedEvent::attempts).containsExactly(2, 0);
        assertThat(release(queue(), failing(new Fate.Retry(Duration.ofHours(1)))))
                .isEqualTo(committed(new Outcome.Parked(), new Outcome.Parked()));
        assertThat(parked().due(10)).isEmpty();
        assertThat(apply(delivery("m3", add("a", 1), 3))).containsExactly(new Outcome.Parked());
    }

    @Test
    default void a_mended_head_takes_effect_and_what_waits_behind_it_after_it_in_order() {
        inboxGets(
                Duration.ZERO,
                delivery("m0", add("a", 10), 0),
                delivery("z", broken("a"), 9),
                delivery("y", add("a", 2), 8),
                delivery("x", add("a", 2_000), 7),
                delivery("w", add("a", 4), 6));

        assertThat(release(queue(), mended()))
                .isEqualTo(
                        committed(
                                new Outcome.Applied(),
                                new Outcome.Applied(),
                                new Outcome.Rejected(CounterStream.LIMIT_PASSED),
                                new Outcome.Applied()));

        assertThat(effectsOf(new Key("a")))
                .extracting(Counted::valueAfter)
                .containsExactly(10L, 11L, 13L, 17L);
        assertThat(parkedOf(new Key("a"))).isEmpty();
        assertThat(recordOf(new MessageId("z"))).isEqualTo("applied");
        assertThat(recordOf(new MessageId("x"))).isEqualTo("rejected");
        assertThat(attemptsOf(new MessageId("z"))).as("they are history").hasSize(1);
        assertThat(parked().load()).isEqualTo(ParkedLoad.NONE);
        assertThat(apply(delivery("m9", add("a", 1), 20), delivery("z", broken("a"), 9)))
                .as("the key is free again")
                .containsExactly(new Outcome.Applied(), new Outcome.Redelivered());
    }

    @Test
    default void what_was_not_taken_stays_blocked_and_is_due_at_once() {
        inboxGets(
                Duration.ZERO,
                delivery("m1", broken("a"), 1),
                delivery("m2", add("a", 2), 2),
                delivery("m3", add("a", 4), 3));

        assertThat(release(queue().subList(0, 2), mended()))
                .isEqualTo(committed(new Outcome.Applied(), new Outcome.Applied()));

        assertThat(apply(delivery("m4", add("a", 8), 4))).containsExactly(new Outcome.Parked());
        assertThat(queue())
                .extracting(event -> event.messageId().value())
                .containsExactly("m3", "m4");
        assertThat(release(queue(), mended()))
                .isEqualTo(committed(new Outcome.Applied(), new Outcome.Applied()));
        assertThat(effectsOf(new Key("a")))
                .extracting(Counted::valueAfter)
                .containsExactly(1L, 3L, 7L, 15L);
    }

    @Test
    default void a_follower_that_fails_is_the_new_head() {
        inboxGets(
                Duration.ZERO,
                delivery("m1", broken("a"), 1),
                delivery("m2", add("a", 2), 2),
                delivery("m3", broken("a"), 3),
                delivery("m4", add("a", 4), 4));

        assertThat(release(queue(), mended("m1")))
                .isEqualTo(
                        committed(
                                new Outcome.Applied(),
                                new Outcome.Applied(),
                                new Outcome.Parked(),
                                new Outcome.Parked()));

        assertThat(stateOf(new Key("a"))).isEqualTo(3);
        assertThat(queue())
                .extracting(event -> event.messageId().value())
                .containsExactly("m3", "m4");
        assertThat(queue()).extracting(ParkedEvent::attempts).containsExactly(1, 0);
        assertThat(attemptsOf(new MessageId("m3"))).hasSize(1);
    }

    @Test
    default void after_its_last_attempt_a_head_needs_a_person_and_its_key_waits() {
        Delivery.Decoded<CountEvent> head = delivery("m1", broken("a"), 1);
        inboxGets(Duration.ZERO, head, delivery("m2", add("a", 2), 2));

        assertThat(release(queue(), failing(new Fate.Quarantine(Reason.ATTEMPTS_EXHAUSTED))))
                .isEqualTo(
                        committed(
                                new Outcome.Quarantined(Reason.ATTEMPTS_EXHAUSTED),
                                new Outcome.Parked()));

        assertThat(quarantine())
                .containsExactly(
                        new QuarantinedCopy("m1", "a", Reason.ATTEMPTS_EXHAUSTED, head.copy()));
        assertThat(parked().quarantined())
                .satisfies(load -> {
                    assertThat(load.copies()).isEqualTo(1);
                    assertThat(load.oldest()).isBetween(Duration.ZERO, Duration.ofMinutes(1));
                });
        assertThat(attemptsOf(new MessageId("m1"))).hasSize(2);
        assertThat(history().outcomes(CounterStream.NAME, new MessageId("m1")))
                .containsExactly(
                        new MessageOutcome(
                                "counts", "quarantined", at(1), "attempts-exhausted", 1));
        assertThat(parked().due(10)).isEmpty();
        assertThat(parked().load().waitingKeys()).isEqualTo(1);
        assertThat(apply(head, delivery("m3", add("a", 4), 3), delivery("m4", add("b", 4), 4)))
                .containsExactly(
                        new Outcome.Redelivered(), new Outcome.Parked(), new Outcome.Applied());
        assertThat(parkedOf(new Key("a")))
                .containsExactly(new MessageId("m2"), new MessageId("m3"));
    }

    @Test
    default void a_key_waits_for_a_person_even_when_nothing_was_behind_its_head() {
        inboxGets(Duration.ZERO, delivery("m1", broken("a"), 1));
        assertThat(release(queue(), failing(new Fate.Quarantine(Reason.ATTEMPTS_EXHAUSTED))))
                .isInstanceOf(Release.Committed.class);

        assertThat(apply(delivery("m2", add("a", 1), 2))).containsExactly(new Outcome.Parked());
    }

    @Test
    default void by_the_other_policy_the_key_goes_on_without_its_head() {
        ParkedEvents<CountEvent, Count, Counted> parked = parkedEvents(AfterQuarantine.GOES_ON);
        inboxGets(Duration.ZERO, delivery("m1", broken("a"), 1), delivery("m2", add("a", 2), 2));
        List<ParkedEvent> queue = queue();

        assertThat(
                        parked.release(
                                queue,
                                Patience.WAIT,
                                CountVerdicts.on(
                                        queue,
                                        new Fate.Quarantine(Reason.ATTEMPTS_EXHAUSTED),
                                        id -> false)))
                .isEqualTo(
                        committed(
                                new Outcome.Quarantined(Reason.ATTEMPTS_EXHAUSTED),
                                new Outcome.Parked()));

        assertThat(parked.load().waitingKeys()).isZero();
        assertThat(release(queue(), mended())).isEqualTo(committed(new Outcome.Applied()));
        assertThat(apply(delivery("m3", add("a", 4), 3))).containsExactly(new Outcome.Applied());
        assertThat(stateOf(new Key("a"))).isEqualTo(6);
    }

    @Test
    default void a_queue_that_is_not_any_more_as_it_was_read_is_left_alone() {
        inboxGets(Duration.ZERO, delivery("m1", broken("a"), 1), delivery("m2", add("a", 2), 2));
        List<ParkedEvent> queue = queue();
        assertThat(release(queue, failing(new Fate.Retry(Duration.ZERO))))
                .isInstanceOf(Release.Committed.class);

        assertThat(release(queue, mended())).isEqualTo(new Release.Elsewhere());

        assertThat(effectsOf(new Key("a"))).isEmpty();
        assertThat(release(queue(), mended())).isInstanceOf(Release.Committed.class);
        assertThat(release(queue, mended())).isEqualTo(new Release.Elsewhere());
        assertThat(stateOf(new Key("a"))).isEqualTo(3);
    }

    @Test
    default void a_write_that_the_store_refuses_leaves_the_queue_as_it_was() {
        inboxGets(Duration.ZERO, delivery("m1", broken("a"), 1), delivery("m2", add("a", -2), 2));

        assertThat(release(queue(), mended())).isInstanceOf(Release.Refused.class);

        assertThat(queue()).hasSize(2);
        assertThat(stateOf(new Key("a"))).isZero();
        assertThat(recordOf(new MessageId("m1"))).isEqualTo("parked");
    }

    @Test
    default void an_outage_changes_nothing() {
        inboxGets(Duration.ZERO, delivery("m1", broken("a"), 1));
        List<ParkedEvent> queue = queue();
        makeUnavailable();
        try {
            assertThatThrownBy(() -> parked().due(1)).isInstanceOf(Unavailable.class);
            assertThatThrownBy(() -> parked().load()).isInstanceOf(Unavailable.class);
            assertThatThrownBy(() -> release(queue, mended())).isInstanceOf(Unavailable.class);
        } finally {
            makeAvailable();
        }
        assertThat(releaseSoon(queue)).isEqualTo(committed(new Outcome.Applied()));
        assertThat(attemptsOf(new MessageId("m1"))).hasSize(1);
    }

    /**
     * The race between "released the last" and "a new one arrives": one lane brings the events of
     * few keys, each of which fails on its first try, while several releasers empty the queues.
     */
    @Test
    default void whoever_arrives_while_the_last_is_released_is_neither_lost_nor_early()
            throws Exception {
        int keys = 5;
        int rounds = 42;
        AtomicInteger bringing = new AtomicInteger(1);
        Callable<Integer> lane =
                () -> {
                    try {
                        for (int i = 1; i <= rounds; i++) {
                            List<Delivery<CountEvent>> batch = new ArrayList<>();
                            for (int key = 0; key < keys; key++) {
                                String id = "k" + key + "-" + i;
                                // No two add the same, so that any other order leaves other values.
                                CountEvent event =
                                        new CountEvent(new Key("k" + key), i, i % 7 == 3);
                                batch.add(delivery(id, event, i * 10 + key));
                            }
                            assertThat(inbox().apply(batch, plain(Duration.ZERO)))
                                    .isInstanceOf(Settlement.Committed.class);
                        }
                    } finally {
                        bringing.set(0);
                    }
                    return 0;
                };
        Callable<Integer> releaser =
                () -> {
                    int released = 0;
                    while (bringing.get() > 0 || !parked().due(1).isEmpty()) {
                        for (ParkedEvent head : parked().due(keys)) {
                            List<ParkedEvent> queue = parked().queue(head, 3);
                            if (!queue.isEmpty()
                                    && parked().release(
                                                            queue,
                                                            Patience.SKIP,
                                                            CountVerdicts.on(
                                                                    queue,
                                                                    new Fate.Retry(Duration.ZERO),
                                                                    id -> true))
                                            instanceof Release.Committed(List<Outcome> outcomes)) {
                                released += outcomes.size();
                            }
                        }
                    }
                    return released;
                };
        int released = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (Future<Integer> future :
                    threads.invokeAll(List.of(lane, releaser, releaser, releaser))) {
                released += future.get();
            }
        }

        assertThat(released).isPositive();
        assertThat(parked().load()).isEqualTo(ParkedLoad.NONE);
        for (int key = 0; key < keys; key++) {
            assertThat(effectsOf(new Key("k" + key)))
                    .extracting(Counted::valueAfter)
                    .isEqualTo(
                            LongStream.rangeClosed(1, rounds)
                                    .mapToObj(i -> i * (i + 1) / 2)
                                    .toList());
            for (int i = 1; i <= rounds; i++) {
                assertThat(recordOf(new MessageId("k" + key + "-" + i))).isEqualTo("applied");
            }
        }
    }

    private static Deciding<CountEvent, Count, Counted> plain(Duration delay) {
        PlainDeciding<CountEvent, Count, Counted> plain =
                new PlainDeciding<>(CounterStream.STREAM, true);
        return (events, known) -> plain.on(events, known, _ -> 0, new Fate.Retry(delay));
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private void inboxGets(Duration delay, Delivery<CountEvent>... batch) {
        assertThat(inbox().apply(List.of(batch), plain(delay)))
                .isInstanceOf(Settlement.Committed.class);
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private List<Outcome> apply(Delivery<CountEvent>... batch) {
        Settlement settlement = inbox().apply(List.of(batch), plain(Duration.ZERO));
        assertThat(settlement).isInstanceOf(Settlement.Committed.class);
        return ((Settlement.Committed) settlement).outcomes();
    }

    /** The queue of the one key that is due. */
    private List<ParkedEvent> queue() {
        return parked().queue(parked().due(1).getFirst(), 100);
    }

    private Release release(
            List<ParkedEvent> run,
            Function<
                            List<ParkedEvent>,
                            Function<Map<Key, Count>, Verdict<CountEvent, Count, Counted>>>
                    verdict) {
        return parked().release(run, Patience.WAIT, verdict.apply(run));
    }

    private static Function<
                    List<ParkedEvent>,
                    Function<Map<Key, Count>, Verdict<CountEvent, Count, Counted>>>
            failing(Fate fate) {
        return run -> CountVerdicts.on(run, fate, id -> false);
    }

    /** These, or all where none is named, do not fail any more. */
    private static Function<
                    List<ParkedEvent>,
                    Function<Map<Key, Count>, Verdict<CountEvent, Count, Counted>>>
            mended(String... messageIds) {
        List<String> mended = List.of(messageIds);
        return run ->
                CountVerdicts.on(
                        run,
                        new Fate.Retry(Duration.ZERO),
                        id -> mended.isEmpty() || mended.contains(id));
    }

    /** After an outage the next call works, or one soon after it. */
    private Release releaseSoon(List<ParkedEvent> queue) {
        for (int tries = 1; ; tries++) {
            try {
                return release(queue, mended());
            } catch (Unavailable still) {
                assertThat(tries).isLessThan(20);
            }
        }
    }

    private static Release committed(Outcome... outcomes) {
        return new Release.Committed(List.of(outcomes));
    }

    private static long bytes(CountEvent event) {
        return event.toString().length();
    }
}
