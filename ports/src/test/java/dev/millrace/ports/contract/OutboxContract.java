package dev.millrace.ports.contract;

import static dev.millrace.ports.counter.Deliveries.PUBLISHED_AT;
import static dev.millrace.ports.counter.Deliveries.TRACE_ID;
import static dev.millrace.ports.counter.Deliveries.add;
import static dev.millrace.ports.counter.Deliveries.broken;
import static dev.millrace.ports.counter.Deliveries.delivery;
import static dev.millrace.ports.counter.Deliveries.undecodable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.domain.DeadLetter;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.FailedAttempt;
import dev.millrace.domain.Failure;
import dev.millrace.domain.Fate;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.OutboxLoad;
import dev.millrace.domain.Outcome;
import dev.millrace.domain.ParkedEvent;
import dev.millrace.domain.Reason;
import dev.millrace.domain.Setback;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.Verdict;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.counter.Count;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.Counted;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.driven.Inbox;
import dev.millrace.ports.driven.Outbox;
import dev.millrace.ports.driven.ParkedEvents;
import dev.millrace.ports.driven.ParkedEvents.Patience;
import dev.millrace.ports.driven.RecordStore;
import dev.millrace.ports.driven.Release;
import dev.millrace.ports.driven.Settlement;

import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What every {@link Outbox} must do with what the inbox beside it has quarantined. */
public interface OutboxContract extends Outage {

    SubscriptionId FIRST =
            new SubscriptionId(
                    new Tenant("millrace"), new Namespace("events"), CounterStream.NAME, "first");
    SubscriptionId SECOND =
            new SubscriptionId(
                    new Tenant("millrace"), new Namespace("events"), CounterStream.NAME, "second");

    /** What the last try of an event says, which has more than one line. */
    Failure.Fault LAST_FAULT =
            new Failure.Fault(
                    "a.Bug",
                    "\"again\"\nand again",
                    List.of("a.Rule.decide(Rule.java:7)", "a.Rules.of(Rules.java:1)"));

    /** Longer than a test. */
    Duration LONG = Duration.ofMinutes(10);

    /** Over when the next statement is. */
    Duration BRIEF = Duration.ofMillis(1);

    /** The outbox of a subscription. */
    Outbox outbox(SubscriptionId subscription);

    /** The inbox of a subscription; the same at each call. */
    Inbox<CountEvent, Count, Counted> inbox(SubscriptionId subscription);

    /** What that inbox has parked. */
    ParkedEvents<CountEvent, Count, Counted> parkedEvents(SubscriptionId subscription);

    /** The records of all subscriptions. */
    RecordStore records();

    @Test
    default void whatever_enters_quarantine_is_to_be_published_as_it_came_and_in_order() {
        Delivery.Decoded<CountEvent> exhausted = delivery("m0", broken("b"), 9);
        Delivery.Decoded<CountEvent> conflict = delivery("m1", add("a", 2), 3);
        Delivery.Undecodable<CountEvent> foreign = undecodable("", "", 4);
        Delivery.Undecodable<CountEvent> garbage = undecodable("m2", "a", 5);
        Delivery.Decoded<CountEvent> old =
                delivery("m3", add("a", 3), 6, PUBLISHED_AT.minusSeconds(9));
        apply(FIRST, delivery("m1", add("a", 1), 1));
        apply(FIRST, exhausted);
        exhaust();
        apply(FIRST, conflict);
        apply(FIRST, foreign);
        apply(FIRST, garbage);
        assertThat(records().purge(FIRST, PUBLISHED_AT.minusSeconds(5), 10)).isZero();
        apply(FIRST, old);

        List<DeadLetter> letters = take("one", LONG, 10).orElseThrow().letters();

        assertThat(letters).extracting(DeadLetter::quarantineId).isSorted().doesNotHaveDuplicates();
        assertThat(letters)
                .extracting(
                        DeadLetter::messageId,
                        DeadLetter::key,
                        DeadLetter::reason,
                        letter -> letter.attempts().size(),
                        DeadLetter::copy)
                .containsExactly(
                        tuple("m0", "b", Reason.ATTEMPTS_EXHAUSTED, 2, exhausted),
                        tuple("m1", "a", Reason.CONFLICT, 0, conflict),
                        tuple("", "", Reason.UNDECODABLE, 0, foreign),
                        tuple("m2", "a", Reason.UNDECODABLE, 0, garbage),
                        tuple("m3", "a", Reason.BEYOND_HORIZON, 0, old));
    }

    private static Tuple tuple(
            String messageId, String key, Reason reason, int attempts, Delivery<?> delivery) {
        return Tuple.tuple(messageId, key, reason, attempts, delivery.copy());
    }

    @Test
    default void a_letter_tells_of_all_attempts_that_the_event_had_when_it_entered_quarantine() {
        Instant before = Instant.now().minusSeconds(60);
        apply(FIRST, delivery("m0", broken("b"), 1));
        exhaust();

        List<FailedAttempt> attempts =
                take("one", LONG, 10).orElseThrow().letters().getFirst().attempts();

        assertThat(attempts).extracting(FailedAttempt::number).containsExactly(1, 2);
        assertThat(attempts)
                .allSatisfy(attempt -> {
                    assertThat(attempt.at()).isBetween(before, before.plusSeconds(600));
                    assertThat(attempt.traceId()).isEqualTo(TRACE_ID);
                });
        assertThat(attempts.getFirst().fault().type()).isEqualTo("java.lang.IllegalStateException");
        assertThat(attempts.getFirst().fault().message()).startsWith("the rules broke");
        assertThat(attempts.getFirst().fault().frames()).isNotEmpty();
        assertThat(attempts.getLast().fault()).isEqualTo(LAST_FAULT);
    }

    @Test
    default void a_conflict_with_an_event_that_had_attempts_has_none_of_them() {
        apply(FIRST, delivery("m0", broken("b"), 1));
        exhaust();
        apply(FIRST, delivery("m0", add("b", 7), 2));

        assertThat(take("one", LONG, 10).orElseThrow().letters())
                .extracting(DeadLetter::reason, letter -> letter.attempts().size())
                .containsExactly(
                        Tuple.tuple(Reason.ATTEMPTS_EXHAUSTED, 2), Tuple.tuple(Reason.CONFLICT, 0));
    }

    @Test
    default void what_is_applied_or_delivered_again_enters_nothing() {
        apply(FIRST, delivery("m1", add("a", 1), 1));
        apply(FIRST, undecodable("m2", "a", 2));
        apply(FIRST, undecodable("m2", "a", 2));
        apply(FIRST, delivery("m1", add("a", 1), 1));

        assertThat(take("one", LONG, 10).orElseThrow().letters()).hasSize(1);
        assertThat(outbox(FIRST).load().events()).isEqualTo(1);
    }

    @Test
    default void confirmed_entries_go_and_the_others_stay() {
        quarantine(FIRST, 5);
        Outbox.Turn turn = take("one", LONG, 3).orElseThrow();
        assertThat(turn.letters()).hasSize(3);
        List<Long> ids = turn.letters().stream().map(DeadLetter::quarantineId).toList();

        assertThat(outbox(FIRST).confirm(turn.fence(), Set.of(ids.get(0), ids.get(2)), LONG))
                .isTrue();

        Outbox.Turn next = take("one", LONG, 10).orElseThrow();
        assertThat(next.fence()).isEqualTo(turn.fence());
        assertThat(next.letters())
                .extracting(DeadLetter::messageId)
                .containsExactly("m2", "m4", "m5");
        assertThat(outbox(FIRST).confirm(next.fence(), Set.of(), LONG)).isTrue();
        assertThat(outbox(FIRST).load().events()).isEqualTo(3);
    }

    @Test
    default void the_load_counts_and_tells_how_long_the_oldest_waits() {
        assertThat(outbox(FIRST).load()).isEqualTo(OutboxLoad.NONE);

        quarantine(FIRST, 2);

        OutboxLoad load = outbox(FIRST).load();
        assertThat(load.events()).isEqualTo(2);
        assertThat(load.oldest()).isBetween(Duration.ZERO, Duration.ofMinutes(1));
    }

    @Test
    default void nobody_else_has_the_turn_during_a_term() {
        quarantine(FIRST, 1);
        Outbox.Turn turn = take("one", LONG, 10).orElseThrow();

        assertThat(take("two", LONG, 10)).isEmpty();
        assertThat(take("one", LONG, 10)).contains(turn);
    }

    @Test
    default void who_takes_a_turn_over_has_a_greater_fence_and_the_former_owner_changes_nothing()
            throws InterruptedException {
        quarantine(FIRST, 3);
        Outbox.Turn former = take("one", BRIEF, 10).orElseThrow();
        Thread.sleep(20);

        Outbox.Turn present = take("two", LONG, 10).orElseThrow();

        assertThat(present.fence()).isGreaterThan(former.fence());
        assertThat(present.letters()).isEqualTo(former.letters());
        assertThat(outbox(FIRST).confirm(former.fence(), ids(former), LONG)).isFalse();
        assertThat(take("one", LONG, 10)).isEmpty();
        assertThat(take("two", LONG, 10)).contains(present);
        assertThat(outbox(FIRST).confirm(present.fence(), ids(present), LONG)).isTrue();
        assertThat(outbox(FIRST).load()).isEqualTo(OutboxLoad.NONE);
    }

    @Test
    default void a_turn_that_nobody_has_taken_over_is_its_owners_still()
            throws InterruptedException {
        quarantine(FIRST, 1);
        Outbox.Turn turn = take("one", BRIEF, 10).orElseThrow();
        Thread.sleep(20);

        assertThat(outbox(FIRST).confirm(turn.fence(), Set.of(), LONG)).isTrue();

        assertThat(take("two", LONG, 10)).as("extended by that").isEmpty();
    }

    @Test
    default void who_comes_back_after_another_has_a_new_fence() throws InterruptedException {
        long first = take("one", BRIEF, 10).orElseThrow().fence();
        Thread.sleep(20);
        long second = take("two", BRIEF, 10).orElseThrow().fence();
        Thread.sleep(20);

        assertThat(take("one", LONG, 10).orElseThrow().fence()).isGreaterThan(second);
        assertThat(outbox(FIRST).confirm(first, Set.of(), LONG)).isFalse();
    }

    @Test
    default void of_many_who_reach_for_the_turn_one_gets_it() throws Exception {
        quarantine(FIRST, 1);
        try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
            List<Callable<Optional<Outbox.Turn>>> reaching = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                String owner = "owner-" + i;
                reaching.add(() -> take(owner, LONG, 10));
            }
            int turns = 0;
            for (Future<Optional<Outbox.Turn>> reached : threads.invokeAll(reaching)) {
                turns += reached.get().isPresent() ? 1 : 0;
            }
            assertThat(turns).isEqualTo(1);
        }
    }

    @Test
    default void subscriptions_have_outboxes_and_turns_of_their_own() {
        quarantine(FIRST, 2);
        quarantine(SECOND, 1);
        Outbox.Turn first = take("one", LONG, 10).orElseThrow();
        Outbox.Turn second = outbox(SECOND).take("two", LONG, 10).orElseThrow();
        assertThat(second.letters()).hasSize(1);

        assertThat(outbox(SECOND).confirm(second.fence(), ids(first), LONG)).isTrue();

        assertThat(outbox(FIRST).load().events()).isEqualTo(2);
        assertThat(outbox(SECOND).load().events()).isEqualTo(1);
    }

    @Test
    default void an_absent_database_is_unavailable_and_loses_nothing() {
        quarantine(FIRST, 1);
        Outbox.Turn turn = take("one", LONG, 10).orElseThrow();
        makeUnavailable();
        try {
            assertThatThrownBy(() -> outbox(FIRST).load()).isInstanceOf(Unavailable.class);
            assertThatThrownBy(() -> take("one", LONG, 1)).isInstanceOf(Unavailable.class);
            assertThatThrownBy(() -> outbox(FIRST).confirm(turn.fence(), ids(turn), LONG))
                    .isInstanceOf(Unavailable.class);
        } finally {
            makeAvailable();
        }
        assertThat(take("one", LONG, 10)).contains(turn);
    }

    private Optional<Outbox.Turn> take(String owner, Duration term, int limit) {
        return outbox(FIRST).take(owner, term, limit);
    }

    private static Set<Long> ids(Outbox.Turn turn) {
        return Set.copyOf(turn.letters().stream().map(DeadLetter::quarantineId).toList());
    }

    private void quarantine(SubscriptionId subscription, int copies) {
        for (int i = 1; i <= copies; i++) {
            apply(subscription, undecodable("m" + i, "a", i));
        }
    }

    private void apply(SubscriptionId subscription, Delivery<CountEvent> delivery) {
        assertThat(
                        inbox(subscription)
                                .apply(
                                        List.of(delivery),
                                        (events, known) ->
                                                new PlainDeciding<>(CounterStream.STREAM, true)
                                                        .on(
                                                                events,
                                                                known,
                                                                _ -> 0,
                                                                new Fate.Retry(Duration.ZERO))))
                .isInstanceOf(Settlement.Committed.class);
    }

    /** The head that is due fails for the last time. */
    private void exhaust() {
        List<ParkedEvent> head = parkedEvents(FIRST).due(1);
        Setback last = new Setback(2, LAST_FAULT, new Fate.Quarantine(Reason.ATTEMPTS_EXHAUSTED));
        Release release =
                parkedEvents(FIRST)
                        .release(
                                head,
                                Patience.WAIT,
                                _ ->
                                        new Verdict<>(
                                                List.of(new Outcome.Parked()),
                                                Map.of(),
                                                List.of(),
                                                Map.of(head.getFirst().messageId(), last)));
        assertThat(release).isInstanceOf(Release.Committed.class);
    }
}
