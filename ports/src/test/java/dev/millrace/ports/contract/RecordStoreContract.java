package dev.millrace.ports.contract;

import static dev.millrace.ports.counter.Deliveries.PUBLISHED_AT;
import static dev.millrace.ports.counter.Deliveries.add;
import static dev.millrace.ports.counter.Deliveries.delivery;
import static dev.millrace.ports.counter.Deliveries.undecodable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.domain.Delivery;
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
import dev.millrace.ports.driven.RecordStore;
import dev.millrace.ports.driven.Settlement;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What every {@link RecordStore} must do. Each test begins with an empty store. */
public interface RecordStoreContract extends Outage {

    /** A subscription of the stream {@code counter} whose records the tests purge. */
    SubscriptionId FIRST =
            new SubscriptionId(
                    new Tenant("millrace"), new Namespace("events"), CounterStream.NAME, "first");

    /** Another subscription of the same stream. */
    SubscriptionId SECOND =
            new SubscriptionId(
                    new Tenant("millrace"), new Namespace("events"), CounterStream.NAME, "second");

    /** The store under test. */
    RecordStore records();

    /**
     * An inbox that writes into the store; those of different subscriptions have states of their
     * own.
     */
    Inbox<CountEvent, Count, Counted> inbox(SubscriptionId subscription);

    /** How many copies the record of this message ID counts; 0 when there is no record. */
    int copiesOf(SubscriptionId subscription, MessageId messageId);

    /** The committed quarantine of a subscription, in any order. */
    List<QuarantinedCopy> quarantine(SubscriptionId subscription);

    @Test
    default void nothing_goes_where_nothing_is() {
        assertThat(records().purge(FIRST, PUBLISHED_AT, 10)).isZero();
    }

    @Test
    default void records_published_before_the_watermark_go_whatever_their_outcome() {
        given(
                FIRST,
                delivery("applied", add("a", 5), 1),
                delivery("rejected", add("a", 2_000), 2),
                delivery("at-the-watermark", add("a", 5), 3, PUBLISHED_AT.plusMillis(1)),
                delivery("later", add("a", 5), 4, PUBLISHED_AT.plusSeconds(60)));

        assertThat(records().purge(FIRST, PUBLISHED_AT.plusMillis(1), 10)).isEqualTo(2);

        assertThat(copiesOf(FIRST, new MessageId("applied"))).isZero();
        assertThat(copiesOf(FIRST, new MessageId("rejected"))).isZero();
        assertThat(copiesOf(FIRST, new MessageId("at-the-watermark"))).isEqualTo(1);
        assertThat(copiesOf(FIRST, new MessageId("later"))).isEqualTo(1);
    }

    @Test
    default void a_record_goes_with_all_the_copies_it_has_counted() {
        given(FIRST, delivery("m1", add("a", 5), 1), delivery("m1", add("a", 5), 2));

        assertThat(records().purge(FIRST, PUBLISHED_AT.plusSeconds(1), 10)).isEqualTo(1);

        assertThat(apply(FIRST, delivery("m1", add("a", 5), 2)))
                .containsExactly(new Outcome.Quarantined(Reason.BEYOND_HORIZON));
    }

    @Test
    default void at_most_the_limit_goes_and_fewer_means_that_none_is_left() {
        applyMany(FIRST, 25);
        Instant watermark = PUBLISHED_AT.plusSeconds(1);

        assertThat(records().purge(FIRST, watermark, 10)).isEqualTo(10);
        assertThat(remaining(FIRST, 25)).isEqualTo(15);
        assertThat(records().purge(FIRST, watermark, 10)).isEqualTo(10);
        assertThat(records().purge(FIRST, watermark, 10)).isEqualTo(5);
        assertThat(remaining(FIRST, 25)).isZero();
        assertThat(records().purge(FIRST, watermark, 10)).isZero();
    }

    @Test
    default void the_watermark_never_moves_back() {
        Instant watermark = PUBLISHED_AT.plusSeconds(60);
        assertThat(records().purge(FIRST, watermark, 10)).isZero();
        assertThat(records().purge(FIRST, PUBLISHED_AT.minusSeconds(60), 10)).isZero();

        assertThat(apply(FIRST, delivery("m1", add("a", 5), 1, watermark.minusMillis(1))))
                .containsExactly(new Outcome.Quarantined(Reason.BEYOND_HORIZON));
    }

    @Test
    default void another_subscription_keeps_its_records_and_has_a_watermark_of_its_own() {
        given(FIRST, delivery("m1", add("a", 5), 1));
        given(SECOND, delivery("m1", add("a", 5), 1));

        assertThat(records().purge(FIRST, PUBLISHED_AT.plusSeconds(1), 10)).isEqualTo(1);

        assertThat(copiesOf(SECOND, new MessageId("m1"))).isEqualTo(1);
        assertThat(apply(SECOND, delivery("m2", add("a", 5), 2)))
                .containsExactly(new Outcome.Applied());
    }

    @Test
    default void what_needs_a_person_stays() {
        given(
                FIRST,
                undecodable("", "", 1),
                delivery("m1", add("a", 5), 2),
                delivery("m1", add("a", 6), 3));

        assertThat(records().purge(FIRST, PUBLISHED_AT.plusSeconds(1), 10)).isEqualTo(1);

        assertThat(quarantine(FIRST))
                .extracting(QuarantinedCopy::reason)
                .containsExactlyInAnyOrder(Reason.UNDECODABLE, Reason.CONFLICT);
    }

    @Test
    default void two_purges_side_by_side_count_each_record_once() throws Exception {
        applyMany(FIRST, 60);
        Callable<Integer> purge =
                () -> {
                    int purged = 0;
                    int last;
                    do {
                        last = records().purge(FIRST, PUBLISHED_AT.plusSeconds(1), 7);
                        purged += last;
                    } while (last > 0);
                    return purged;
                };
        int purged = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            for (Future<Integer> future : threads.invokeAll(List.of(purge, purge))) {
                purged += future.get();
            }
        }
        assertThat(purged).isEqualTo(60);
        assertThat(remaining(FIRST, 60)).isZero();
    }

    @Test
    default void an_outage_deletes_nothing() {
        given(FIRST, delivery("m1", add("a", 5), 1));
        makeUnavailable();
        try {
            assertThatThrownBy(() -> records().purge(FIRST, PUBLISHED_AT.plusSeconds(1), 10))
                    .isInstanceOf(Unavailable.class);
        } finally {
            makeAvailable();
        }
        assertThat(copiesOf(FIRST, new MessageId("m1"))).isEqualTo(1);
        assertThat(apply(FIRST, delivery("m2", add("a", 5), 2)))
                .containsExactly(new Outcome.Applied());
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private void given(SubscriptionId subscription, Delivery<CountEvent>... batch) {
        assertThat(apply(subscription, List.of(batch))).hasSize(batch.length);
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private List<Outcome> apply(SubscriptionId subscription, Delivery<CountEvent>... batch) {
        return apply(subscription, List.of(batch));
    }

    private List<Outcome> apply(SubscriptionId subscription, List<Delivery<CountEvent>> batch) {
        Settlement settlement =
                inbox(subscription).apply(batch, PlainDeciding.on(CounterStream.STREAM));
        assertThat(settlement).isInstanceOf(Settlement.Committed.class);
        return ((Settlement.Committed) settlement).outcomes();
    }

    private void applyMany(SubscriptionId subscription, int records) {
        List<Delivery<CountEvent>> batch = new ArrayList<>();
        for (int i = 0; i < records; i++) {
            batch.add(delivery("m" + i, add("k" + i, 1), i));
        }
        assertThat(apply(subscription, batch)).hasSize(records);
    }

    private int remaining(SubscriptionId subscription, int records) {
        int remaining = 0;
        for (int i = 0; i < records; i++) {
            remaining += copiesOf(subscription, new MessageId("m" + i));
        }
        return remaining;
    }
}
