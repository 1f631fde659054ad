package dev.millrace.ports.contract;

import static dev.millrace.ports.counter.Deliveries.add;
import static dev.millrace.ports.counter.Deliveries.at;
import static dev.millrace.ports.counter.Deliveries.broken;
import static dev.millrace.ports.counter.Deliveries.delivery;
import static dev.millrace.ports.counter.Deliveries.undecodable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.domain.Delivery;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Tenant;
import dev.millrace.ports.MessageOutcome;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.counter.Count;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.Counted;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.driven.Inbox;
import dev.millrace.ports.driven.MessageHistory;
import dev.millrace.ports.driven.Settlement;

import org.junit.jupiter.api.Test;

import java.util.List;

/** What every {@link MessageHistory} must do. Each test begins with an empty store. */
public interface MessageHistoryContract extends Outage {

    /** The tenant and the namespace whose messages the history tells. */
    Tenant TENANT = new Tenant("millrace");

    /** See {@link #TENANT}. */
    Namespace NAMESPACE = new Namespace("events");

    /** A subscription of the stream {@code counter}. */
    SubscriptionId FIRST = new SubscriptionId(TENANT, NAMESPACE, CounterStream.NAME, "first");

    /** Another subscription of the same stream. */
    SubscriptionId SECOND = new SubscriptionId(TENANT, NAMESPACE, CounterStream.NAME, "second");

    /** A subscription of the same name in another tenant. */
    SubscriptionId ELSEWHERE =
            new SubscriptionId(new Tenant("elsewhere"), NAMESPACE, CounterStream.NAME, "first");

    /** The history under test, of {@link #TENANT} and {@link #NAMESPACE}. */
    MessageHistory history();

    /**
     * An inbox that writes what the history tells; those of different subscriptions have states of
     * their own.
     */
    Inbox<CountEvent, Count, Counted> inbox(SubscriptionId subscription);

    @Test
    default void nothing_is_known_of_an_event_that_has_not_arrived() {
        given(FIRST, delivery("m1", add("a", 5), 1));

        assertThat(outcomes("m2")).isEmpty();
        assertThat(outcomes("M1")).isEmpty();
        assertThat(history().outcomes(new StreamName("another"), new MessageId("m1"))).isEmpty();
    }

    @Test
    default void an_applied_event_is_told_with_the_position_of_its_first_copy() {
        given(FIRST, delivery("m1", add("a", 5), 8), delivery("m2", add("a", 6), 2));

        assertThat(outcomes("m1"))
                .containsExactly(new MessageOutcome("first", "applied", at(8), "", 1));
    }

    @Test
    default void a_rejected_event_is_told_with_its_reason_and_its_copies() {
        given(FIRST, delivery("m1", add("a", 1_001), 1), delivery("m1", add("a", 1_001), 2));
        given(FIRST, delivery("m1", add("a", 1_001), 3), delivery("m1", add("a", 1_001), 1));

        assertThat(outcomes("m1"))
                .containsExactly(new MessageOutcome("first", "rejected", at(1), "limit-passed", 3));
    }

    @Test
    default void each_subscription_has_its_own_outcome() {
        given(FIRST, delivery("m1", add("a", 5), 1));
        given(SECOND, delivery("m0", add("a", 999), 0), delivery("m1", add("a", 5), 1));

        assertThat(outcomes("m1"))
                .containsExactly(
                        new MessageOutcome("first", "applied", at(1), "", 1),
                        new MessageOutcome("second", "rejected", at(1), "limit-passed", 1));
    }

    @Test
    default void a_conflict_is_told_beside_the_event_that_stands() {
        given(
                FIRST,
                delivery("m1", add("a", 5), 1),
                delivery("m1", add("a", 6), 2),
                delivery("m1", add("a", 7), 3));

        assertThat(outcomes("m1"))
                .containsExactlyInAnyOrder(
                        new MessageOutcome("first", "applied", at(1), "", 1),
                        new MessageOutcome("first", "quarantined", at(2), "conflict", 1),
                        new MessageOutcome("first", "quarantined", at(3), "conflict", 1));
        assertThat(outcomes("m1")).isEqualTo(outcomes("m1"));
    }

    @Test
    default void an_undecodable_copy_is_told_under_the_message_id_found_on_it() {
        given(FIRST, undecodable("m1", "a", 1), undecodable("", "a", 2));

        assertThat(outcomes("m1"))
                .containsExactly(
                        new MessageOutcome("first", "quarantined", at(1), "undecodable", 1));
    }

    @Test
    default void a_parked_event_is_told_as_such() {
        given(FIRST, delivery("m1", broken("a"), 1), delivery("m2", add("a", 1), 2));

        assertThat(outcomes("m1"))
                .containsExactly(new MessageOutcome("first", "parked", at(1), "", 1));
        assertThat(outcomes("m2"))
                .containsExactly(new MessageOutcome("first", "parked", at(2), "", 1));
    }

    @Test
    default void another_tenant_is_never_told() {
        given(ELSEWHERE, delivery("m1", add("a", 5), 1), delivery("m1", add("a", 6), 2));

        assertThat(outcomes("m1")).isEmpty();
    }

    @Test
    default void what_was_told_does_not_change() {
        given(FIRST, delivery("m1", add("a", 5), 1));
        List<MessageOutcome> told = outcomes("m1");
        given(FIRST, delivery("m1", add("a", 5), 2));

        assertThat(told).extracting(MessageOutcome::copies).containsExactly(1);
        assertThatThrownBy(told::clear).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    default void an_outage_is_not_taken_for_unknown() {
        given(FIRST, delivery("m1", add("a", 5), 1));
        makeUnavailable();
        try {
            assertThatThrownBy(() -> outcomes("m1")).isInstanceOf(Unavailable.class);
        } finally {
            makeAvailable();
        }
        assertThat(outcomes("m1")).hasSize(1);
    }

    private List<MessageOutcome> outcomes(String messageId) {
        return history().outcomes(CounterStream.NAME, new MessageId(messageId));
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private void given(SubscriptionId subscription, Delivery<CountEvent>... batch) {
        assertThat(
                        inbox(subscription)
                                .apply(List.of(batch), PlainDeciding.on(CounterStream.STREAM)))
                .isInstanceOf(Settlement.Committed.class);
    }
}
