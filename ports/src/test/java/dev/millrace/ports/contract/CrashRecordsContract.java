package dev.millrace.ports.contract;

import static dev.millrace.ports.counter.Deliveries.add;
import static dev.millrace.ports.counter.Deliveries.at;
import static dev.millrace.ports.counter.Deliveries.broken;
import static dev.millrace.ports.counter.Deliveries.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.domain.Delivery;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Tenant;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.counter.Count;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.Counted;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.driven.CrashRecords;
import dev.millrace.ports.driven.Inbox;
import dev.millrace.ports.driven.Settlement;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;

/** What all {@link CrashRecords} must do. Each test begins with an empty store. */
public interface CrashRecordsContract extends Outage {

    /** A subscription of the stream {@code counter}. */
    SubscriptionId FIRST =
            new SubscriptionId(
                    new Tenant("millrace"), new Namespace("events"), CounterStream.NAME, "first");

    /** Another subscription of the same stream. */
    SubscriptionId SECOND =
            new SubscriptionId(
                    new Tenant("millrace"), new Namespace("events"), CounterStream.NAME, "second");

    /** The records as one process has them. */
    CrashRecords crashes(SubscriptionId subscription, String process);

    /** An inbox on the same store. */
    Inbox<CountEvent, Count, Counted> inbox(SubscriptionId subscription);

    /** An event at each of these places in the topic. */
    private static List<Delivery.Decoded<CountEvent>> run(int... places) {
        return Arrays.stream(places)
                .mapToObj(place -> delivery("m" + place, add("k" + place, 1), place))
                .toList();
    }

    @Test
    default void what_nobody_else_has_under_way_is_beyond_suspicion() {
        assertThat(crashes(FIRST, "p1").takeOn(run(1, 2))).isEmpty();
        assertThat(crashes(FIRST, "p1").takeOn(run(1, 2))).as("its own").isEmpty();
        assertThat(crashes(FIRST, "p2").takeOn(run(3))).isEmpty();
        assertThat(crashes(SECOND, "p2").takeOn(run(1))).as("elsewhere").isEmpty();
    }

    @Test
    default void what_another_process_has_under_way_is_suspect_and_counts_nothing() {
        assertThat(crashes(FIRST, "p1").takeOn(run(1, 2, 3))).isEmpty();

        assertThat(crashes(FIRST, "p2").takeOn(run(2, 4)))
                .containsOnlyKeys(at(2))
                .containsEntry(at(2), 0);
    }

    @Test
    default void the_next_run_takes_the_place_of_the_one_before() {
        assertThat(crashes(FIRST, "p1").takeOn(run(1))).isEmpty();
        assertThat(crashes(FIRST, "p1").takeOn(run(2))).isEmpty();

        assertThat(crashes(FIRST, "p2").takeOn(run(1, 2))).containsOnlyKeys(at(2));
    }

    @Test
    default void what_has_its_outcome_is_beyond_suspicion_and_what_is_parked_is_not() {
        Settlement settlement =
                inbox(FIRST)
                        .apply(
                                List.of(
                                        delivery("m1", add("a", 1), 1),
                                        delivery("m2", broken("b"), 2)),
                                PlainDeciding.on(CounterStream.STREAM));
        assertThat(settlement).isInstanceOf(Settlement.Committed.class);
        assertThat(crashes(FIRST, "p1").takeOn(run(1, 2, 3))).isEmpty();

        assertThat(crashes(FIRST, "p2").takeOn(run(1, 2, 3))).containsOnlyKeys(at(2), at(3));
    }

    @Test
    default void each_other_process_that_has_not_come_out_of_it_counts_once() {
        for (String process : List.of("p1", "p2", "p3")) {
            assertThat(crashes(FIRST, process).takeOn(run(1, 2)).getOrDefault(at(2), 0)).isZero();
            crashes(FIRST, process).enter(at(1));
            crashes(FIRST, process).enter(at(1));
        }

        assertThat(crashes(FIRST, "p4").takeOn(run(1, 2)))
                .containsEntry(at(1), 3)
                .containsEntry(at(2), 0);
        crashes(FIRST, "p2").leave(at(1));
        assertThat(crashes(FIRST, "p4").takeOn(run(1))).containsEntry(at(1), 2);
        crashes(FIRST, "p4").acquit(at(1));
        assertThat(crashes(FIRST, "p4").takeOn(run(1))).containsEntry(at(1), 0);
    }

    @Test
    default void whoever_takes_on_something_has_come_out_of_what_it_ran_before() {
        assertThat(crashes(FIRST, "p1").takeOn(run(1))).isEmpty();
        crashes(FIRST, "p1").enter(at(1));
        assertThat(crashes(FIRST, "p1").takeOn(run(1))).isEmpty();

        assertThat(crashes(FIRST, "p2").takeOn(run(1))).containsEntry(at(1), 0);
    }

    @Test
    default void a_process_that_ends_in_order_leaves_nothing_behind() {
        assertThat(crashes(FIRST, "p1").takeOn(run(1))).isEmpty();
        assertThat(crashes(FIRST, "p2").takeOn(run(1))).containsOnlyKeys(at(1));
        crashes(FIRST, "p1").enter(at(1));
        crashes(FIRST, "p1").endInOrder();

        assertThat(crashes(FIRST, "p3").takeOn(run(1))).containsEntry(at(1), 0);
        crashes(FIRST, "p2").endInOrder();
        crashes(FIRST, "p3").endInOrder();
        assertThat(crashes(FIRST, "p4").takeOn(run(1))).isEmpty();
    }

    @Test
    default void without_the_database_nothing_is_taken_on() {
        makeUnavailable();
        try {
            assertThatThrownBy(() -> crashes(FIRST, "p1").takeOn(run(1)))
                    .isInstanceOf(Unavailable.class);
            assertThatThrownBy(() -> crashes(FIRST, "p1").enter(at(1)))
                    .isInstanceOf(Unavailable.class);
        } finally {
            makeAvailable();
        }
        assertThat(crashes(FIRST, "p2").takeOn(run(1))).isEmpty();
    }
}
