package dev.millrace.ports.usecase;

import static dev.millrace.ports.counter.Deliveries.add;
import static dev.millrace.ports.counter.Deliveries.at;
import static dev.millrace.ports.counter.Deliveries.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.domain.Delivery;
import dev.millrace.domain.InvalidValue;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.Outcome;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Tenant;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.contract.PlainDeciding;
import dev.millrace.ports.counter.Count;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.Counted;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.driven.Cursor;
import dev.millrace.ports.driven.Settlement;
import dev.millrace.ports.driving.PurgeRecords;
import dev.millrace.ports.fake.InMemoryDatabase;
import dev.millrace.ports.fake.InMemoryInbox;
import dev.millrace.ports.fake.InMemoryRecordStore;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

final class RecordPurgingTest {

    private static final Instant NOW = Instant.parse("2026-03-10T00:00:00Z");
    private static final Duration HORIZON = Duration.ofDays(3);

    private final SubscriptionId subscription =
            new SubscriptionId(
                    new Tenant("millrace"), new Namespace("events"), CounterStream.NAME, "counts");
    private final InMemoryDatabase database = new InMemoryDatabase();
    private final InMemoryInbox<CountEvent, Count, Counted> inbox =
            new InMemoryInbox<>(
                    database,
                    subscription,
                    CounterStream.STREAM,
                    count -> true,
                    InstantSource.system());

    @Test
    void records_go_once_they_are_older_than_the_horizon() {
        given(
                delivery("old", add("a", 1), 1, NOW.minus(HORIZON).minusMillis(1)),
                delivery("young", add("a", 1), 2, NOW.minus(HORIZON)));

        assertThat(purging(100, asked -> NOW).purge()).isEqualTo(1);

        assertThat(database.copies(subscription, new MessageId("old"))).isZero();
        assertThat(database.copies(subscription, new MessageId("young"))).isEqualTo(1);
    }

    @Test
    void a_retry_that_waits_in_the_backlog_still_finds_its_record() {
        Instant first = NOW.minus(HORIZON).minusSeconds(60);
        Instant retry = first.plus(HORIZON).minusSeconds(1);
        given(delivery("m1", add("a", 1), 1, first));

        assertThat(purging(100, asked -> retry).purge()).isZero();

        assertThat(apply(delivery("m1", add("a", 1), 2, retry)))
                .containsExactly(new Outcome.Duplicate(at(1)));
    }

    @Test
    void a_cursor_ahead_of_the_clock_does_not_shorten_the_horizon() {
        given(delivery("young", add("a", 1), 1, NOW.minus(HORIZON)));

        assertThat(purging(100, asked -> NOW.plusSeconds(3_600)).purge()).isZero();
    }

    @Test
    void everything_goes_in_small_steps() {
        List<Delivery<CountEvent>> batch = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            batch.add(
                    delivery("m" + i, add("k" + i, 1), i, NOW.minus(HORIZON).minusSeconds(i + 1)));
        }
        assertThat(apply(batch)).hasSize(20);
        List<Integer> limits = new ArrayList<>();
        InMemoryRecordStore records = new InMemoryRecordStore(database);
        PurgeRecords purging =
                new RecordPurging(
                        subscription,
                        HORIZON,
                        10,
                        asked -> NOW,
                        (id, watermark, limit) -> {
                            limits.add(limit);
                            return records.purge(id, watermark, limit);
                        },
                        () -> NOW);

        assertThat(purging.purge()).isEqualTo(20);

        assertThat(limits).containsExactly(10, 10, 10);
        assertThat(purging.purge()).isZero();
    }

    @Test
    void the_cursor_of_its_own_subscription_is_asked() {
        List<SubscriptionId> asked = new ArrayList<>();

        assertThat(
                        purging(
                                        1,
                                        id -> {
                                            asked.add(id);
                                            return NOW;
                                        })
                                .purge())
                .isZero();

        assertThat(asked).containsExactly(subscription);
    }

    @Test
    void nothing_goes_while_broker_or_database_is_away() {
        given(delivery("old", add("a", 1), 1, NOW.minus(HORIZON).minusSeconds(1)));
        Cursor away =
                asked -> {
                    throw new Unavailable("the broker is away");
                };

        assertThatThrownBy(purging(10, away)::purge).isInstanceOf(Unavailable.class);
        database.makeUnavailable();
        assertThatThrownBy(purging(10, asked -> NOW)::purge).isInstanceOf(Unavailable.class);

        assertThat(database.copies(subscription, new MessageId("old"))).isEqualTo(1);
    }

    @Test
    void a_step_or_a_horizon_of_nothing_is_refused() {
        assertThatThrownBy(() -> purging(0, asked -> NOW))
                .isInstanceOf(InvalidValue.class)
                .hasMessage("step must be at least 1");
        assertThatThrownBy(() ->
                        new RecordPurging(
                                subscription,
                                Duration.ZERO,
                                1,
                                asked -> NOW,
                                new InMemoryRecordStore(database),
                                () -> NOW))
                .isInstanceOf(InvalidValue.class)
                .hasMessage("horizon must be positive");
    }

    private PurgeRecords purging(int step, Cursor cursor) {
        return new RecordPurging(
                subscription, HORIZON, step, cursor, new InMemoryRecordStore(database), () -> NOW);
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private void given(Delivery<CountEvent>... batch) {
        assertThat(apply(List.of(batch))).hasSize(batch.length);
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private List<Outcome> apply(Delivery<CountEvent>... batch) {
        return apply(List.of(batch));
    }

    private List<Outcome> apply(List<Delivery<CountEvent>> batch) {
        Settlement settlement = inbox.apply(batch, PlainDeciding.on(CounterStream.STREAM));
        assertThat(settlement).isInstanceOf(Settlement.Committed.class);
        return ((Settlement.Committed) settlement).outcomes();
    }
}
