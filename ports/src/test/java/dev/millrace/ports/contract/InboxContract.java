package dev.millrace.ports.contract;

import static dev.millrace.ports.counter.Deliveries.PUBLISHED_AT;
import static dev.millrace.ports.counter.Deliveries.TRACE_ID;
import static dev.millrace.ports.counter.Deliveries.add;
import static dev.millrace.ports.counter.Deliveries.at;
import static dev.millrace.ports.counter.Deliveries.broken;
import static dev.millrace.ports.counter.Deliveries.delivery;
import static dev.millrace.ports.counter.Deliveries.undecodable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.domain.Delivery;
import dev.millrace.domain.FailedAttempt;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Outcome;
import dev.millrace.domain.Reason;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.counter.Count;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.Counted;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.driven.Deciding;
import dev.millrace.ports.driven.Inbox;
import dev.millrace.ports.driven.RecordStore;
import dev.millrace.ports.driven.Settlement;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;

/**
 * What every {@link Inbox} must do. Each test begins with an empty store and the stream {@link
 * CounterStream}, whose store refuses a counter below zero.
 */
public interface InboxContract extends Outage {

    /** The inbox under test: always the same store, whichever instance. */
    Inbox<CountEvent, Count, Counted> inbox();

    /** The subscription that the inbox serves; its type keeps order. */
    SubscriptionId subscription();

    /** The records that the inbox writes, as the purge sees them. */
    RecordStore records();

    /** The committed value of a counter; 0 when it has none. */
    long stateOf(Key key);

    /** The committed effects of a key, in the order in which they were applied. */
    List<Counted> effectsOf(Key key);

    /** How many copies the record of this message ID counts; 0 when there is no record. */
    int copiesOf(MessageId messageId);

    /** The committed quarantine of the subscription, in any order. */
    List<QuarantinedCopy> quarantine();

    /** The state of this message ID's record; empty when there is none. */
    String recordOf(MessageId messageId);

    /** The message IDs that are parked for a key, in their order. */
    List<MessageId> parkedOf(Key key);

    /** The failed tries of an event as they were written down, in their order. */
    List<FailedAttempt> attemptsOf(MessageId messageId);

    /** Whether the subscription keeps order. */
    default boolean keepsOrder() {
        return true;
    }

    @Test
    default void a_fresh_event_takes_effect() {
        assertThat(apply(delivery("m1", add("a", 5), 1))).containsExactly(new Outcome.Applied());

        assertThat(stateOf(new Key("a"))).isEqualTo(5);
        assertThat(effectsOf(new Key("a"))).containsExactly(new Counted(5));
        assertThat(copiesOf(new MessageId("m1"))).isEqualTo(1);
        assertThat(quarantine()).isEmpty();
    }

    @Test
    default void an_event_is_decided_on_the_state_that_the_one_before_it_left() {
        assertThat(
                        apply(
                                delivery("m1", add("a", 600), 1),
                                delivery("m2", add("b", 1), 2),
                                delivery("m3", add("a", 500), 3),
                                delivery("m4", add("a", 400), 4)))
                .containsExactly(
                        new Outcome.Applied(),
                        new Outcome.Applied(),
                        new Outcome.Rejected(CounterStream.LIMIT_PASSED),
                        new Outcome.Applied());
        assertThat(apply(delivery("m5", add("a", 1), 5), delivery("m6", add("b", 2), 6)))
                .containsExactly(
                        new Outcome.Rejected(CounterStream.LIMIT_PASSED), new Outcome.Applied());

        assertThat(effectsOf(new Key("a"))).containsExactly(new Counted(600), new Counted(1_000));
        assertThat(effectsOf(new Key("b"))).containsExactly(new Counted(1), new Counted(3));
        assertThat(stateOf(new Key("a"))).isEqualTo(1_000);
        assertThat(stateOf(new Key("b"))).isEqualTo(3);
    }

    @Test
    default void
            events_of_one_key_take_effect_in_the_order_of_their_arrival_not_of_their_ids_or_positions() {
        given(
                delivery("z", add("a", 1), 9),
                delivery("m", add("a", 2), 3),
                delivery("a", add("a", 4), 1));

        assertThat(effectsOf(new Key("a")))
                .containsExactly(new Counted(1), new Counted(3), new Counted(7));
    }

    @Test
    default void a_rejected_event_has_a_record_and_no_effect() {
        assertThat(apply(delivery("m1", add("a", 1_001), 1)))
                .containsExactly(new Outcome.Rejected(CounterStream.LIMIT_PASSED));

        assertThat(stateOf(new Key("a"))).isZero();
        assertThat(effectsOf(new Key("a"))).isEmpty();
        assertThat(copiesOf(new MessageId("m1"))).isEqualTo(1);
        assertThat(quarantine()).isEmpty();
    }

    @Test
    default void identifiers_are_told_apart_bytewise() {
        given(
                delivery("m", add("a", 1), 1),
                delivery("M", add("A", 2), 2),
                delivery("m-", add("a-", 4), 3),
                delivery("~".repeat(200), add("~".repeat(200), 8), 4));

        assertThat(stateOf(new Key("a"))).isEqualTo(1);
        assertThat(stateOf(new Key("A"))).isEqualTo(2);
        assertThat(stateOf(new Key("a-"))).isEqualTo(4);
        assertThat(stateOf(new Key("~".repeat(200)))).isEqualTo(8);
        assertThat(copiesOf(new MessageId("M"))).isEqualTo(1);
    }

    @Test
    default void the_same_copy_redelivered_changes_and_counts_nothing() {
        given(delivery("m1", add("a", 5), 1));

        assertThat(apply(delivery("m1", add("a", 5), 1), delivery("m1", add("a", 5), 1)))
                .containsExactly(new Outcome.Redelivered(), new Outcome.Redelivered());

        assertThat(stateOf(new Key("a"))).isEqualTo(5);
        assertThat(effectsOf(new Key("a"))).hasSize(1);
        assertThat(copiesOf(new MessageId("m1"))).isEqualTo(1);
    }

    @Test
    default void the_same_copy_is_redelivered_even_if_its_digest_is_taken_differently_now() {
        given(delivery("m1", add("a", 5), 1));

        assertThat(apply(delivery("m1", add("a", 6), 1)))
                .containsExactly(new Outcome.Redelivered());

        assertThat(stateOf(new Key("a"))).isEqualTo(5);
        assertThat(quarantine()).isEmpty();
    }

    @Test
    default void another_copy_of_an_applied_event_is_a_duplicate_and_counted() {
        given(delivery("m1", add("a", 5), 1));

        assertThat(apply(delivery("m1", add("a", 5), 2)))
                .containsExactly(new Outcome.Duplicate(at(1)));
        assertThat(apply(delivery("m1", add("a", 5), 3)))
                .containsExactly(new Outcome.Duplicate(at(1)));

        assertThat(stateOf(new Key("a"))).isEqualTo(5);
        assertThat(effectsOf(new Key("a"))).hasSize(1);
        assertThat(copiesOf(new MessageId("m1"))).isEqualTo(3);
        assertThat(quarantine()).isEmpty();
    }

    @Test
    default void a_duplicate_copy_redelivered_is_counted_once() {
        given(delivery("m1", add("a", 5), 1));
        given(delivery("m1", add("a", 5), 2));

        assertThat(apply(delivery("m1", add("a", 5), 2), delivery("m1", add("a", 5), 1)))
                .containsExactly(new Outcome.Redelivered(), new Outcome.Redelivered());

        assertThat(copiesOf(new MessageId("m1"))).isEqualTo(2);
    }

    @Test
    default void a_duplicate_of_a_rejected_event_is_not_decided_again() {
        given(delivery("m1", add("a", 990), 1), delivery("m2", add("a", 20), 2));
        given(delivery("m3", add("a", -500), 3));

        assertThat(apply(delivery("m2", add("a", 20), 4)))
                .containsExactly(new Outcome.Duplicate(at(2)));

        assertThat(stateOf(new Key("a"))).isEqualTo(490);
        assertThat(copiesOf(new MessageId("m2"))).isEqualTo(2);
    }

    @Test
    default void copies_of_a_fresh_event_in_one_batch_are_duplicates_of_its_first() {
        assertThat(
                        apply(
                                delivery("m1", add("a", 5), 9),
                                delivery("m1", add("a", 5), 2),
                                delivery("m1", add("a", 5), 9),
                                delivery("m1", add("a", 5), 2),
                                delivery("m1", add("a", 5), 4)))
                .containsExactly(
                        new Outcome.Applied(),
                        new Outcome.Duplicate(at(9)),
                        new Outcome.Redelivered(),
                        new Outcome.Redelivered(),
                        new Outcome.Duplicate(at(9)));

        assertThat(stateOf(new Key("a"))).isEqualTo(5);
        assertThat(copiesOf(new MessageId("m1"))).isEqualTo(3);
    }

    @Test
    default void another_event_under_a_taken_message_id_is_a_conflict_and_kept() {
        given(delivery("m1", add("a", 5), 1));
        Delivery.Decoded<CountEvent> conflict = delivery("m1", add("b", 6), 2);

        assertThat(apply(conflict)).containsExactly(new Outcome.Conflict(at(1)));

        assertThat(quarantine()).containsExactly(quarantined(conflict, Reason.CONFLICT));
        assertThat(stateOf(new Key("a"))).isEqualTo(5);
        assertThat(effectsOf(new Key("b"))).isEmpty();
        assertThat(copiesOf(new MessageId("m1"))).isEqualTo(1);
    }

    @Test
    default void a_conflict_redelivered_is_kept_once() {
        Delivery.Decoded<CountEvent> conflict = delivery("m1", add("a", 6), 2);
        assertThat(apply(delivery("m1", add("a", 5), 1), conflict, conflict))
                .containsExactly(
                        new Outcome.Applied(),
                        new Outcome.Conflict(at(1)),
                        new Outcome.Redelivered());

        assertThat(apply(conflict)).containsExactly(new Outcome.Redelivered());

        assertThat(quarantine()).containsExactly(quarantined(conflict, Reason.CONFLICT));
        assertThat(copiesOf(new MessageId("m1"))).isEqualTo(1);
    }

    @Test
    default void each_conflicting_copy_is_kept_and_the_rest_of_its_batch_goes_on() {
        given(delivery("m1", add("a", 5), 1));
        Delivery.Decoded<CountEvent> first = delivery("m1", add("a", 6), 2);
        Delivery.Decoded<CountEvent> second = delivery("m1", add("a", 6), 5);

        assertThat(
                        apply(
                                first,
                                delivery("m2", add("a", 7), 3),
                                delivery("m1", add("a", 5), 4),
                                second,
                                delivery("m3", add("a", 8), 6)))
                .containsExactly(
                        new Outcome.Conflict(at(1)),
                        new Outcome.Applied(),
                        new Outcome.Duplicate(at(1)),
                        new Outcome.Conflict(at(1)),
                        new Outcome.Applied());

        assertThat(quarantine())
                .containsExactlyInAnyOrder(
                        quarantined(first, Reason.CONFLICT), quarantined(second, Reason.CONFLICT));
        assertThat(stateOf(new Key("a"))).isEqualTo(20);
        assertThat(copiesOf(new MessageId("m1"))).isEqualTo(2);
    }

    @Test
    default void an_undecodable_copy_is_kept_with_its_bytes_and_blocks_nothing() {
        Delivery.Undecodable<CountEvent> nameless = undecodable("", "", 1);
        Delivery.Undecodable<CountEvent> named = undecodable("not an identifier: é", "a", 3);

        assertThat(
                        apply(
                                nameless,
                                delivery("m1", add("a", 5), 2),
                                named,
                                delivery("m2", add("a", 5), 4)))
                .containsExactly(
                        new Outcome.Quarantined(Reason.UNDECODABLE),
                        new Outcome.Applied(),
                        new Outcome.Quarantined(Reason.UNDECODABLE),
                        new Outcome.Applied());

        assertThat(quarantine())
                .containsExactlyInAnyOrder(quarantined(nameless), quarantined(named));
        assertThat(stateOf(new Key("a"))).isEqualTo(10);
    }

    @Test
    default void an_undecodable_copy_redelivered_is_kept_once() {
        Delivery.Undecodable<CountEvent> copy = undecodable("", "", 1);
        assertThat(apply(copy, copy))
                .containsExactly(
                        new Outcome.Quarantined(Reason.UNDECODABLE), new Outcome.Redelivered());

        assertThat(apply(copy, undecodable("", "", 2)))
                .containsExactly(
                        new Outcome.Redelivered(), new Outcome.Quarantined(Reason.UNDECODABLE));

        assertThat(quarantine()).hasSize(2);
    }

    @Test
    default void a_fresh_copy_from_beyond_the_horizon_is_kept_and_never_decided() {
        Instant watermark = PUBLISHED_AT.plusSeconds(60);
        given(delivery("m1", add("a", 5), 1));
        assertThat(records().purge(subscription(), watermark, 10)).isEqualTo(1);
        assertThat(copiesOf(new MessageId("m1"))).isZero();

        Delivery.Decoded<CountEvent> late =
                delivery("m1", add("a", 5), 2, watermark.minusMillis(1));
        assertThat(
                        apply(
                                late,
                                delivery("m2", add("a", 7), 3, watermark),
                                delivery("m3", add("a", 8), 4, watermark.plusMillis(1))))
                .containsExactly(
                        new Outcome.Quarantined(Reason.BEYOND_HORIZON),
                        new Outcome.Applied(),
                        new Outcome.Applied());

        assertThat(quarantine()).containsExactly(quarantined(late, Reason.BEYOND_HORIZON));
        assertThat(effectsOf(new Key("a")))
                .containsExactly(new Counted(5), new Counted(12), new Counted(20));
    }

    @Test
    default void a_copy_from_beyond_the_horizon_redelivered_is_kept_once() {
        Delivery.Decoded<CountEvent> late = delivery("m1", add("a", 5), 1);
        assertThat(records().purge(subscription(), PUBLISHED_AT.plusSeconds(60), 10)).isZero();
        assertThat(apply(late, late))
                .containsExactly(
                        new Outcome.Quarantined(Reason.BEYOND_HORIZON), new Outcome.Redelivered());

        assertThat(apply(late)).containsExactly(new Outcome.Redelivered());

        assertThat(quarantine()).containsExactly(quarantined(late, Reason.BEYOND_HORIZON));
        assertThat(effectsOf(new Key("a"))).isEmpty();
    }

    @Test
    default void a_record_that_the_purge_has_left_still_tells_copies_of_any_age() {
        Instant watermark = PUBLISHED_AT.plusSeconds(60);
        given(delivery("m1", add("a", 5), 1, watermark));
        assertThat(records().purge(subscription(), watermark, 10)).isZero();

        assertThat(apply(delivery("m1", add("a", 5), 1, watermark), delivery("m1", add("a", 5), 2)))
                .containsExactly(new Outcome.Redelivered(), new Outcome.Duplicate(at(1)));
        assertThat(quarantine()).isEmpty();
    }

    @Test
    default void an_event_on_which_the_rules_break_is_parked_and_the_other_keys_go_on() {
        Delivery.Decoded<CountEvent> culprit = delivery("m2", broken("a"), 2);
        assertThat(
                        apply(
                                delivery("m1", add("a", 5), 1),
                                culprit,
                                delivery("m3", add("b", 7), 3),
                                culprit,
                                delivery("m2", broken("a"), 4)))
                .containsExactly(
                        new Outcome.Applied(),
                        new Outcome.Parked(),
                        new Outcome.Applied(),
                        new Outcome.Redelivered(),
                        new Outcome.Duplicate(at(2)));

        assertThat(stateOf(new Key("a"))).isEqualTo(5);
        assertThat(stateOf(new Key("b"))).isEqualTo(7);
        assertThat(recordOf(new MessageId("m2"))).isEqualTo("parked");
        assertThat(copiesOf(new MessageId("m2"))).isEqualTo(2);
        assertThat(parkedOf(new Key("a"))).containsExactly(new MessageId("m2"));
        assertThat(attemptsOf(new MessageId("m2")))
                .singleElement()
                .satisfies(attempt -> {
                    assertThat(attempt.number()).isEqualTo(1);
                    assertThat(attempt.traceId()).isEqualTo(TRACE_ID);
                    assertThat(attempt.fault().type()).isEqualTo("java.lang.IllegalStateException");
                    assertThat(attempt.fault().message()).startsWith("the rules broke");
                    assertThat(attempt.fault().frames())
                            .first(InstanceOfAssertFactories.STRING)
                            .startsWith("dev.millrace.ports.counter.CounterStream.decide(");
                });
        assertThat(quarantine()).isEmpty();
    }

    @Test
    default void what_comes_after_a_parked_event_waits_behind_it_where_there_is_order() {
        given(
                delivery("m1", broken("a"), 1),
                delivery("m2", add("a", 1), 2),
                delivery("m3", add("b", 1), 3));

        List<Outcome> later = apply(delivery("m0", add("a", 2), 4), delivery("m5", add("b", 2), 5));

        assertThat(stateOf(new Key("b"))).isEqualTo(3);
        if (keepsOrder()) {
            assertThat(later).containsExactly(new Outcome.Parked(), new Outcome.Applied());
            assertThat(parkedOf(new Key("a")))
                    .containsExactly(new MessageId("m1"), new MessageId("m2"), new MessageId("m0"));
            assertThat(recordOf(new MessageId("m0"))).isEqualTo("parked");
            assertThat(attemptsOf(new MessageId("m0"))).isEmpty();
            assertThat(effectsOf(new Key("a"))).isEmpty();
        } else {
            assertThat(later).containsExactly(new Outcome.Applied(), new Outcome.Applied());
            assertThat(parkedOf(new Key("a"))).containsExactly(new MessageId("m1"));
            assertThat(stateOf(new Key("a"))).isEqualTo(3);
        }
    }

    @Test
    default void copies_of_parked_events_are_redelivered_duplicates_and_conflicts_as_of_any() {
        given(delivery("m1", broken("a"), 1), delivery("m2", add("a", 1), 2));

        assertThat(
                        apply(
                                delivery("m1", broken("a"), 1),
                                delivery("m1", broken("a"), 3),
                                delivery("m1", add("a", 9), 4)))
                .containsExactly(
                        new Outcome.Redelivered(),
                        new Outcome.Duplicate(at(1)),
                        new Outcome.Conflict(at(1)));
        assertThat(attemptsOf(new MessageId("m1"))).hasSize(1);
        assertThat(copiesOf(new MessageId("m1"))).isEqualTo(2);
    }

    @Test
    default void the_purge_leaves_parked_events_their_records() {
        given(delivery("m1", broken("a"), 1), delivery("m2", add("b", 1), 2));

        assertThat(records().purge(subscription(), PUBLISHED_AT.plusSeconds(60), 10)).isEqualTo(1);

        assertThat(recordOf(new MessageId("m1"))).isEqualTo("parked");
    }

    @Test
    default void a_batch_of_which_the_store_refuses_a_write_commits_nothing() {
        given(delivery("m1", add("a", 5), 1));

        Settlement settlement =
                settle(
                        delivery("m2", add("a", 1), 2),
                        delivery("m1", add("a", 5), 3),
                        undecodable("", "", 5),
                        delivery("m3", add("b", -1), 6),
                        delivery("m4", add("c", 1), 7));

        assertThat(settlement).isInstanceOf(Settlement.Refused.class);
        assertOnlyTheFirstEventIsThere();
        assertThat(apply(delivery("m2", add("a", 1), 2))).containsExactly(new Outcome.Applied());
    }

    private void assertOnlyTheFirstEventIsThere() {
        assertThat(stateOf(new Key("a"))).isEqualTo(5);
        assertThat(effectsOf(new Key("a"))).hasSize(1);
        assertThat(effectsOf(new Key("c"))).isEmpty();
        assertThat(copiesOf(new MessageId("m1"))).isEqualTo(1);
        assertThat(copiesOf(new MessageId("m2"))).isZero();
        assertThat(quarantine()).isEmpty();
    }

    @Test
    default void rules_are_not_asked_about_what_has_its_outcome_already() {
        given(delivery("m1", add("a", 5), 1));

        Settlement settlement =
                inbox().apply(
                                List.of(
                                        delivery("m1", add("a", 5), 1),
                                        delivery("m1", add("a", 5), 2),
                                        delivery("m1", add("a", 6), 3),
                                        undecodable("", "", 4)),
                                (events, known) -> {
                                    assertThat(events).isEmpty();
                                    return deciding().on(events, known);
                                });

        assertThat(settlement).isInstanceOf(Settlement.Committed.class);
    }

    @Test
    default void an_empty_batch_has_no_outcomes() {
        assertThat(apply(List.of())).isEmpty();
    }

    @Test
    default void a_batch_and_its_outcomes_cannot_be_changed_afterwards() {
        List<Delivery<CountEvent>> batch = new ArrayList<>();
        batch.add(delivery("m1", add("a", 5), 1));
        batch.add(undecodable("", "", 2));
        List<Outcome> outcomes = apply(batch);
        List<QuarantinedCopy> kept = List.copyOf(quarantine());
        batch.clear();

        assertThatThrownBy(outcomes::clear).isInstanceOf(UnsupportedOperationException.class);
        assertThat(quarantine()).isEqualTo(kept).hasSize(1);
        assertThat(stateOf(new Key("a"))).isEqualTo(5);
    }

    @Test
    default void a_thousand_mixed_deliveries_in_one_batch_agree_with_a_naive_model() {
        MixedDeliveries mixed = new MixedDeliveries(new Random(20_261_123));
        NaiveInbox model = new NaiveInbox();
        for (int size : new int[] {1_000, 1, 2, 500}) {
            List<Delivery<CountEvent>> batch = mixed.next(size);
            assertThat(apply(batch)).isEqualTo(model.apply(batch));
        }
        for (Key key : mixed.keys()) {
            assertThat(stateOf(key)).as("state of %s", key).isEqualTo(model.stateOf(key));
            assertThat(effectsOf(key)).as("effects of %s", key).isEqualTo(model.effectsOf(key));
        }
        for (MessageId messageId : mixed.messageIds()) {
            assertThat(copiesOf(messageId))
                    .as("copies of %s", messageId)
                    .isEqualTo(model.copiesOf(messageId));
        }
        assertThat(quarantine()).containsExactlyInAnyOrderElementsOf(model.quarantine());
    }

    @Test
    default void lanes_with_overlapping_batches_neither_deadlock_nor_apply_twice()
            throws Exception {
        List<Delivery<CountEvent>> deliveries = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            deliveries.add(delivery("m" + i, add("k" + i % 10, 1), i));
        }
        List<Delivery<CountEvent>> shuffled = new ArrayList<>(deliveries);
        Collections.shuffle(shuffled, new Random(7));
        CyclicBarrier start = new CyclicBarrier(2);

        List<Outcome> outcomes =
                bothOf(
                        () -> {
                            start.await();
                            return applyInBatches(deliveries, 40);
                        },
                        () -> {
                            start.await();
                            return applyInBatches(shuffled, 25);
                        });

        assertThat(outcomes).hasSize(800);
        assertThat(outcomes.stream().filter(new Outcome.Applied()::equals)).hasSize(400);
        assertThat(outcomes.stream().filter(new Outcome.Redelivered()::equals)).hasSize(400);
        for (int key = 0; key < 10; key++) {
            assertThat(stateOf(new Key("k" + key))).isEqualTo(40);
            assertThat(effectsOf(new Key("k" + key)))
                    .extracting(Counted::valueAfter)
                    .isEqualTo(LongStream.rangeClosed(1, 40).boxed().toList());
        }
    }

    @Test
    default void copies_of_one_event_on_two_lanes_take_effect_once() throws Exception {
        List<Delivery<CountEvent>> first = new ArrayList<>();
        List<Delivery<CountEvent>> second = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            first.add(delivery("m" + i, add("k" + i % 7, 1), i));
            second.add(delivery("m" + (199 - i), add("k" + (199 - i) % 7, 1), 1_000 + i));
        }
        CyclicBarrier start = new CyclicBarrier(2);

        List<Outcome> outcomes =
                bothOf(
                        () -> {
                            start.await();
                            return applyInBatches(first, 20);
                        },
                        () -> {
                            start.await();
                            return applyInBatches(second, 20);
                        });

        assertThat(outcomes.stream().filter(new Outcome.Applied()::equals)).hasSize(200);
        assertThat(outcomes.stream().filter(Outcome.Duplicate.class::isInstance)).hasSize(200);
        Set<Integer> copies = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            copies.add(copiesOf(new MessageId("m" + i)));
        }
        assertThat(copies).containsExactly(2);
    }

    @Test
    default void an_outage_commits_nothing_and_the_batch_may_be_given_again() {
        given(delivery("m1", add("a", 5), 1));
        makeUnavailable();
        try {
            assertThatThrownBy(() -> apply(delivery("m2", add("a", 7), 2)))
                    .isInstanceOf(Unavailable.class);
            assertThatThrownBy(() -> apply(List.of())).isInstanceOf(Unavailable.class);
        } finally {
            makeAvailable();
        }

        assertThat(apply(delivery("m2", add("a", 7), 2))).containsExactly(new Outcome.Applied());
        assertThat(effectsOf(new Key("a"))).containsExactly(new Counted(5), new Counted(12));
        assertThat(copiesOf(new MessageId("m2"))).isEqualTo(1);
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private void given(Delivery<CountEvent>... batch) {
        assertThat(apply(List.of(batch))).hasSize(batch.length);
    }

    /** Applies a batch that is to be committed. */
    @SafeVarargs
    @SuppressWarnings("varargs")
    private List<Outcome> apply(Delivery<CountEvent>... batch) {
        return apply(List.of(batch));
    }

    private List<Outcome> apply(List<Delivery<CountEvent>> batch) {
        return switch (inbox().apply(batch, deciding())) {
            case Settlement.Committed committed -> committed.outcomes();
            case Settlement.Overrun overrun -> throw new AssertionError("overrun", overrun.cause());
            case Settlement.Refused refused -> throw new AssertionError("refused", refused.cause());
        };
    }

    private Deciding<CountEvent, Count, Counted> deciding() {
        return new PlainDeciding<>(CounterStream.STREAM, keepsOrder());
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private Settlement settle(Delivery<CountEvent>... batch) {
        return inbox().apply(List.of(batch), deciding());
    }

    private List<Outcome> applyInBatches(List<Delivery<CountEvent>> deliveries, int size) {
        List<Outcome> outcomes = new ArrayList<>();
        for (int from = 0; from < deliveries.size(); from += size) {
            outcomes.addAll(
                    apply(deliveries.subList(from, Math.min(from + size, deliveries.size()))));
        }
        return outcomes;
    }

    private static List<Outcome> bothOf(
            Callable<List<Outcome>> first, Callable<List<Outcome>> second)
            throws InterruptedException, ExecutionException {
        List<Outcome> outcomes = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (Future<List<Outcome>> future : threads.invokeAll(List.of(first, second))) {
                outcomes.addAll(future.get());
            }
        }
        return outcomes;
    }

    private static QuarantinedCopy quarantined(
            Delivery.Decoded<CountEvent> delivery, Reason reason) {
        return new QuarantinedCopy(
                delivery.messageId().value(), delivery.key().value(), reason, delivery.copy());
    }

    private static QuarantinedCopy quarantined(Delivery.Undecodable<CountEvent> delivery) {
        return new QuarantinedCopy(
                delivery.messageId(), delivery.key(), Reason.UNDECODABLE, delivery.copy());
    }
}
