package dev.millrace.adapters.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.domain.Delivery;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Outcome;
import dev.millrace.domain.Reason;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.ports.contract.PlainDeciding;
import dev.millrace.ports.contract.QuarantinedCopy;
import dev.millrace.ports.contract.RecordStoreContract;
import dev.millrace.ports.counter.Count;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.Counted;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.counter.Deliveries;
import dev.millrace.ports.driven.Deciding;
import dev.millrace.ports.driven.RecordStore;
import dev.millrace.ports.driven.Settlement;

import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

final class PostgresRecordStoreTest extends CounterTests implements RecordStoreContract {

    PostgresRecordStoreTest() throws SQLException {}

    @Test
    void an_event_whose_record_a_purge_is_just_deleting_is_not_applied_again() throws Exception {
        assertCommitted(Deliveries.delivery("m1", Deliveries.add("a", 5), 1));
        try (Connection purge = database.connect();
                Statement statement = purge.createStatement();
                ExecutorService lane = Executors.newSingleThreadExecutor()) {
            // As the purge does it, step by step: the watermark commits, the deletion is under way.
            statement.execute(
                    "INSERT INTO purge_watermark SELECT id, '2026-06-01' FROM subscription WHERE"
                            + " name = 'first'");
            purge.setAutoCommit(false);
            statement.execute("DELETE FROM inbox_record");

            Future<Settlement> settlement =
                    lane.submit(() ->
                            inbox(FIRST)
                                    .apply(
                                            List.of(
                                                    Deliveries.delivery(
                                                            "m1", Deliveries.add("a", 5), 2)),
                                            decide()));
            database.awaitOneWaitingForALock();
            purge.commit();

            assertThat(settlement.get())
                    .isEqualTo(
                            new Settlement.Committed(
                                    List.of(new Outcome.Quarantined(Reason.BEYOND_HORIZON))));
        }
        assertThat(database.number("SELECT value FROM counter WHERE key = 'a'")).isEqualTo(5);
        assertThat(copiesOf(FIRST, new MessageId("m1"))).isZero();
    }

    @Test
    void a_record_that_vanishes_while_a_lane_waits_for_it_is_looked_for_again() throws Exception {
        assertCommitted(Deliveries.delivery("m1", Deliveries.add("a", 5), 1));
        try (Connection purge = database.connect();
                Statement statement = purge.createStatement();
                ExecutorService lane = Executors.newSingleThreadExecutor()) {
            purge.setAutoCommit(false);
            // Locked but still there for whoever inserts; gone when the lane gets to read it.
            statement.execute("SELECT FROM inbox_record FOR UPDATE");
            Future<Settlement> settlement =
                    lane.submit(() ->
                            inbox(FIRST)
                                    .apply(
                                            List.of(
                                                    Deliveries.delivery(
                                                            "m1", Deliveries.add("a", 5), 2)),
                                            decide()));
            database.awaitOneWaitingForALock();
            statement.execute(
                    "INSERT INTO purge_watermark SELECT id, '2026-06-01' FROM subscription WHERE"
                            + " name = 'first'");
            statement.execute("DELETE FROM inbox_record");
            purge.commit();

            assertThat(settlement.get())
                    .isEqualTo(
                            new Settlement.Committed(
                                    List.of(new Outcome.Quarantined(Reason.BEYOND_HORIZON))));
        }
    }

    @Test
    void fresh_events_do_not_wait_for_a_purge_that_is_held_up() throws Exception {
        assertCommitted(Deliveries.delivery("m1", Deliveries.add("a", 5), 1));
        assertCommitted(Deliveries.delivery("m1", Deliveries.add("a", 5), 2));
        try (Connection beside = database.connect();
                Statement statement = beside.createStatement();
                ExecutorService thread = Executors.newSingleThreadExecutor()) {
            beside.setAutoCommit(false);
            statement.execute("SELECT FROM inbox_duplicate FOR UPDATE");
            Future<Integer> purge =
                    thread.submit(() ->
                            records().purge(FIRST, Deliveries.PUBLISHED_AT.plusSeconds(1), 10));
            database.awaitOneWaitingForALock();

            assertCommitted(
                    Deliveries.delivery(
                            "m2",
                            Deliveries.add("a", 5),
                            3,
                            Deliveries.PUBLISHED_AT.plusSeconds(2)));

            assertThat(purge.isDone()).as("it waits still").isFalse();
            beside.rollback();
            assertThat(purge.get()).isOne();
        }
    }

    @Test
    void the_failed_tries_of_an_event_go_with_its_record() throws SQLException {
        assertCommitted(Deliveries.delivery("m1", Deliveries.add("a", 5), 1));
        database.execute(
                "INSERT INTO event_attempt (subscription_id, message_id, number, exception,"
                        + " message, frames, trace_id) SELECT id, m, 1, '', '', '', '' FROM"
                        + " subscription, unnest(ARRAY['m1', 'm2']) AS m WHERE name = 'first'");

        assertThat(records().purge(FIRST, Deliveries.PUBLISHED_AT.plusSeconds(1), 10)).isOne();

        assertThat(database.texts("SELECT message_id FROM event_attempt")).containsExactly("m2");
    }

    @Test
    void a_later_copy_keeps_its_record_until_it_is_old_itself() {
        assertCommitted(Deliveries.delivery("m1", Deliveries.add("a", 5), 1));
        var later =
                Deliveries.delivery(
                        "m1",
                        Deliveries.add("a", 5),
                        2,
                        Deliveries.PUBLISHED_AT.plus(Duration.ofDays(1)));
        assertCommitted(later);

        assertThat(records().purge(FIRST, Deliveries.PUBLISHED_AT.plus(Duration.ofHours(1)), 10))
                .isZero();

        assertThat(inbox(FIRST).apply(List.of(later), decide()))
                .isEqualTo(new Settlement.Committed(List.of(new Outcome.Redelivered())));
    }

    @Test
    void in_one_batch_a_copy_within_the_horizon_stands_for_one_from_beyond_it() {
        assertThat(records().purge(FIRST, Deliveries.PUBLISHED_AT.plusSeconds(1), 10)).isZero();
        var beyond = Deliveries.delivery("m1", Deliveries.add("a", 5), 1);
        var within =
                Deliveries.delivery(
                        "m1", Deliveries.add("a", 5), 2, Deliveries.PUBLISHED_AT.plusSeconds(2));
        var next =
                Deliveries.delivery(
                        "m2", Deliveries.add("a", 6), 3, Deliveries.PUBLISHED_AT.plusSeconds(2));

        assertThat(inbox(FIRST).apply(List.of(beyond, within, beyond, next), decide()))
                .isEqualTo(
                        new Settlement.Committed(
                                List.of(
                                        new Outcome.Quarantined(Reason.BEYOND_HORIZON),
                                        new Outcome.Applied(),
                                        new Outcome.Redelivered(),
                                        new Outcome.Applied())));
        assertThat(database.number("SELECT value_after FROM counted ORDER BY number LIMIT 1"))
                .isEqualTo(5);
    }

    @Test
    void the_index_for_the_purge_serves_it() throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET enable_seqscan = off");
            try (var plan =
                    statement.executeQuery(
                            "EXPLAIN SELECT message_id FROM inbox_record WHERE subscription_id = 1"
                                    + " AND published_at < now() ORDER BY published_at LIMIT 10")) {
                StringBuilder text = new StringBuilder();
                while (plan.next()) {
                    text.append(plan.getString(1)).append('\n');
                }
                assertThat(text).contains("inbox_record_by_age").doesNotContain("Sort");
            }
        }
    }

    private void assertCommitted(Delivery<CountEvent> delivery) {
        assertThat(inbox(FIRST).apply(List.of(delivery), decide()))
                .isInstanceOf(Settlement.Committed.class);
    }

    private static Deciding<CountEvent, Count, Counted> decide() {
        return PlainDeciding.on(CounterStream.STREAM);
    }

    @Override
    public RecordStore records() {
        return new PostgresRecordStore(database.database());
    }

    @Override
    public int copiesOf(SubscriptionId subscription, MessageId messageId) {
        return database.copiesOf(subscription, messageId);
    }

    @Override
    public List<QuarantinedCopy> quarantine(SubscriptionId subscription) {
        return database.quarantine(subscription);
    }
}
