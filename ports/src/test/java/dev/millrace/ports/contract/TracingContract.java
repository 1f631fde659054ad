package dev.millrace.ports.contract;

import static dev.millrace.ports.counter.Deliveries.PUBLISHED_AT;
import static dev.millrace.ports.counter.Deliveries.add;
import static dev.millrace.ports.counter.Deliveries.at;
import static dev.millrace.ports.counter.Deliveries.broken;
import static dev.millrace.ports.counter.Deliveries.delivery;
import static dev.millrace.ports.counter.Deliveries.undecodable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.domain.CopyTraces;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.RecordedCopy;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.TopicCopy;
import dev.millrace.domain.Trace;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.counter.Count;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.Counted;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.driven.Inbox;
import dev.millrace.ports.driven.RecordStore;
import dev.millrace.ports.driven.Settlement;
import dev.millrace.ports.driven.Tracing;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What every {@link Tracing} must do. Each test begins with empty tables. */
public interface TracingContract extends Outage {

    /** A subscription of the stream {@code counter}. */
    SubscriptionId FIRST =
            new SubscriptionId(
                    new Tenant("millrace"), new Namespace("events"), CounterStream.NAME, "first");

    /** Another subscription of the same stream. */
    SubscriptionId SECOND =
            new SubscriptionId(
                    new Tenant("millrace"), new Namespace("events"), CounterStream.NAME, "second");

    /** The tracing under test. */
    Tracing tracing();

    /** An inbox that writes into the same tables. */
    Inbox<CountEvent, Count, Counted> inbox(SubscriptionId subscription);

    /** Takes the effect of an event away, and leaves its record. */
    void loseEffect(SubscriptionId subscription, MessageId messageId);

    /** The purge of the same tables. */
    RecordStore records();

    @Test
    default void a_copy_that_was_never_delivered_has_no_trace() {
        assertThat(traces("m1", 1)).isEmpty();
        assertThat(tracing().trace(FIRST, List.of())).isEmpty();
    }

    @Test
    default void a_copy_is_what_its_record_says() {
        given(
                delivery("applied", add("a", 5), 1),
                delivery("rejected", add("a", 2_000), 2),
                delivery("head", broken("b"), 3),
                delivery("behind", add("b", 1), 4));

        assertThat(traces("applied", 1)).containsExactly(Trace.APPLIED);
        assertThat(traces("rejected", 2)).containsExactly(Trace.REJECTED);
        assertThat(traces("head", 3)).containsExactlyInAnyOrder(Trace.PARKED, Trace.WAITING);
        assertThat(traces("behind", 4)).containsExactlyInAnyOrder(Trace.PARKED, Trace.WAITING);
        assertThat(tracing().trace(FIRST, List.of(copy("applied", 1))).getFirst().recordedAt())
                .isBefore(Instant.MAX);
    }

    @Test
    default void an_applied_event_whose_effect_is_gone_is_told() {
        given(
                delivery("m1", add("a", 5), 1),
                delivery("m2", add("a", 5), 2),
                delivery("rejected", add("a", 2_000), 3));
        loseEffect(FIRST, new MessageId("m1"));

        assertThat(traces("m1", 1)).containsExactlyInAnyOrder(Trace.APPLIED, Trace.WITHOUT_EFFECT);
        assertThat(traces("m2", 2)).containsExactly(Trace.APPLIED);
        assertThat(traces("rejected", 3)).containsExactly(Trace.REJECTED);
    }

    @Test
    default void the_latest_record_of_a_key_is_told_by_partition() {
        given(
                delivery("m1", add("a", 5), 1),
                delivery("m9", add("a", 5), 9),
                delivery("m5", add("a", 2_000), 5),
                delivery("m2", add("a", 5), 2),
                delivery("m13", add("b", 5), 13));

        assertThat(tracing().latest(FIRST, 1, List.of(new Key("a"), new Key("c"))))
                .isEqualTo(Map.of(new Key("a"), at(9)));
        assertThat(tracing().latest(FIRST, 2, List.of(new Key("a"))))
                .isEqualTo(Map.of(new Key("a"), at(2)));
        assertThat(tracing().latest(SECOND, 1, List.of(new Key("a")))).isEmpty();
    }

    @Test
    default void another_copy_of_a_recorded_event_is_counted_or_in_quarantine() {
        given(
                delivery("m1", add("a", 5), 1),
                delivery("m1", add("a", 5), 2),
                delivery("m1", add("a", 6), 3));

        assertThat(traces("m1", 2))
                .containsExactlyInAnyOrder(Trace.COUNTED, Trace.RECORDED_ELSEWHERE);
        assertThat(traces("m1", 3))
                .containsExactlyInAnyOrder(Trace.IN_QUARANTINE, Trace.RECORDED_ELSEWHERE);
        assertThat(traces("m1", 4)).containsExactly(Trace.RECORDED_ELSEWHERE);
        assertThat(tracing().trace(FIRST, List.of(copy("m1", 4))).getFirst().recordedAt())
                .isEqualTo(Instant.MAX);
    }

    @Test
    default void a_copy_in_quarantine_is_found_by_its_position_whatever_it_is_called() {
        given(undecodable("", "", 1), undecodable("odd\0name", "", 2));

        assertThat(traces("", 1)).containsExactly(Trace.IN_QUARANTINE);
        assertThat(traces("odd\0name", 2)).containsExactly(Trace.IN_QUARANTINE);
    }

    @Test
    default void a_copy_below_the_watermark_is_so_with_or_without_its_record() {
        given(delivery("kept", broken("b"), 1), delivery("gone", add("a", 1), 2));
        assertThat(records().purge(FIRST, PUBLISHED_AT.plusSeconds(1), 10)).isEqualTo(1);

        assertThat(traces("kept", 1))
                .containsExactlyInAnyOrder(Trace.PARKED, Trace.WAITING, Trace.BELOW_WATERMARK);
        assertThat(traces("gone", 2)).containsExactly(Trace.BELOW_WATERMARK);
        assertThat(
                        tracing()
                                .trace(
                                        FIRST,
                                        List.of(
                                                new TopicCopy(
                                                        at(3), "at", PUBLISHED_AT.plusSeconds(1))))
                                .getFirst()
                                .traces())
                .isEmpty();
    }

    @Test
    default void copies_are_answered_in_their_order_and_for_their_subscription() {
        given(delivery("m1", add("a", 5), 1), delivery("m3", add("a", 5), 3));
        List<TopicCopy> copies =
                List.of(copy("m3", 3), copy("m2", 2), copy("m1", 1), copy("m3", 3));

        assertThat(tracing().trace(FIRST, copies))
                .extracting(CopyTraces::traces)
                .containsExactly(
                        Set.of(Trace.APPLIED),
                        Set.of(),
                        Set.of(Trace.APPLIED),
                        Set.of(Trace.APPLIED));
        assertThat(tracing().trace(SECOND, copies))
                .extracting(CopyTraces::traces)
                .containsOnly(Set.of());
    }

    @Test
    default void pages_hold_every_record_once_in_order_also_where_times_are_the_same() {
        List<Delivery<CountEvent>> batch = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            batch.add(
                    delivery("m" + i, add("k" + i, 1), i, PUBLISHED_AT.plusMillis(i < 20 ? 0 : i)));
        }
        apply(FIRST, batch);
        given(delivery("m3", add("k3", 1), 90));

        List<RecordedCopy> all = new ArrayList<>();
        List<RecordedCopy> page = tracing().records(FIRST, Instant.EPOCH, "", 10);
        while (!page.isEmpty()) {
            assertThat(page).hasSizeLessThanOrEqualTo(10);
            all.addAll(page);
            RecordedCopy last = all.getLast();
            page = tracing().records(FIRST, last.publishedAt(), last.messageId().value(), 10);
        }

        assertThat(all)
                .hasSize(25)
                .isSortedAccordingTo((one, other) -> {
                    int times = one.publishedAt().compareTo(other.publishedAt());
                    return times == 0 ? one.messageId().compareTo(other.messageId()) : times;
                });
        assertThat(all.stream().map(RecordedCopy::messageId)).doesNotHaveDuplicates();
        assertThat(all)
                .allSatisfy(each ->
                        assertThat(each.position())
                                .isEqualTo(
                                        at(
                                                Integer.parseInt(
                                                        each.messageId().value().substring(1)))));
        assertThat(tracing().records(FIRST, PUBLISHED_AT.plusMillis(21), "", 10))
                .extracting(each -> each.messageId().value())
                .containsExactly("m21", "m22", "m23", "m24");
        assertThat(tracing().records(SECOND, Instant.EPOCH, "", 10)).isEmpty();
    }

    @Test
    default void an_outage_is_told() {
        makeUnavailable();
        try {
            assertThatThrownBy(() -> traces("m1", 1)).isInstanceOf(Unavailable.class);
            assertThatThrownBy(() -> tracing().records(FIRST, Instant.EPOCH, "", 10))
                    .isInstanceOf(Unavailable.class);
        } finally {
            makeAvailable();
        }
        assertThat(traces("m1", 1)).isEmpty();
    }

    private Set<Trace> traces(String messageId, int position) {
        return tracing().trace(FIRST, List.of(copy(messageId, position))).getFirst().traces();
    }

    private static TopicCopy copy(String messageId, int position) {
        return new TopicCopy(at(position), messageId, PUBLISHED_AT);
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private void given(Delivery<CountEvent>... batch) {
        apply(FIRST, List.of(batch));
    }

    private void apply(SubscriptionId subscription, List<Delivery<CountEvent>> batch) {
        assertThat(inbox(subscription).apply(batch, PlainDeciding.on(CounterStream.STREAM)))
                .isInstanceOf(Settlement.Committed.class);
    }
}
