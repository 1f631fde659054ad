package dev.millrace.adapters.postgres;

import static dev.millrace.ports.counter.Deliveries.undecodable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.domain.AfterQuarantine;
import dev.millrace.domain.DeadLetter;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.OutboxLoad;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.SubscriptionType;
import dev.millrace.ports.contract.OutboxContract;
import dev.millrace.ports.contract.PlainDeciding;
import dev.millrace.ports.counter.Count;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.Counted;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.driven.Outbox;
import dev.millrace.ports.driven.ParkedEvents;
import dev.millrace.ports.driven.RecordStore;
import dev.millrace.ports.driven.Settlement;

import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

final class PostgresOutboxTest extends CounterTests implements OutboxContract {

    private static final String QUARANTINE_AS_BEFORE =
            """
            INSERT INTO quarantine (subscription_id, reason, detail, message_id, key,
                position_ledger, position_entry, position_partition, position_index,
                schema_version, payload, published_at, properties)
            SELECT id, 'undecodable', '', 'm' || n, 'a', 1, n, 0, 0, '', ''::bytea, now(), '{}'::jsonb
            FROM subscription, generate_series(%d, %d) AS n WHERE name = 'first' ORDER BY n
            ON CONFLICT DO NOTHING
            """;

    private static final String TEN_MIB = "convert_to(repeat('x', 10 * 1024 * 1024), 'UTF8')";

    PostgresOutboxTest() throws SQLException {}

    @Test
    void what_a_process_of_the_version_before_quarantines_is_published_too() throws SQLException {
        assertThat(outbox(FIRST).load()).isEqualTo(OutboxLoad.NONE);
        database.execute(QUARANTINE_AS_BEFORE.formatted(1, 3));
        database.execute(QUARANTINE_AS_BEFORE.formatted(2, 5));

        assertThat(outbox(FIRST).take("one", LONG, 10).orElseThrow().letters())
                .extracting(DeadLetter::messageId)
                .containsExactly("m1", "m2", "m3", "m4", "m5");
    }

    @Test
    void what_was_in_quarantine_before_the_migration_and_what_enters_during_it_is_published()
            throws Exception {
        try (TestDatabase old = TestDatabase.createEmpty()) {
            Flyway before = flyway(old, "1.2");
            before.migrate();
            old.execute(
                    "INSERT INTO subscription (tenant, namespace, stream, name) VALUES ('millrace',"
                            + " 'events', 'counter', 'first')");
            old.execute(QUARANTINE_AS_BEFORE.formatted(1, 2));
            try (Connection process = old.connect();
                    Statement during = process.createStatement();
                    ExecutorService migration = Executors.newSingleThreadExecutor()) {
                process.setAutoCommit(false);
                during.execute(QUARANTINE_AS_BEFORE.formatted(3, 4));
                Future<?> migrated = migration.submit(() -> flyway(old, "1.3").migrate());
                old.awaitOneWaitingForALock();
                process.commit();
                migrated.get();
            }
            old.execute(QUARANTINE_AS_BEFORE.formatted(5, 5));

            assertThat(
                            old.number(
                                    "SELECT count(*) FROM quarantine q JOIN outbox o ON"
                                            + " o.quarantine_id = q.id"))
                    .isEqualTo(5);
            assertThat(old.number("SELECT count(*) FROM quarantine")).isEqualTo(5);
        }
    }

    private static Flyway flyway(TestDatabase database, String target) {
        return Flyway.configure()
                .dataSource(database.pool())
                .locations("classpath:db/migration/engine")
                .target(target)
                .load();
    }

    @Test
    void a_quarantine_that_is_rolled_back_leaves_no_entry() throws SQLException {
        assertThat(outbox(FIRST).load()).isEqualTo(OutboxLoad.NONE);
        try (Connection process = database.connect();
                Statement statement = process.createStatement()) {
            process.setAutoCommit(false);
            statement.execute(QUARANTINE_AS_BEFORE.formatted(1, 3));
            process.rollback();
        }
        assertThat(outbox(FIRST).load()).isEqualTo(OutboxLoad.NONE);
    }

    @Test
    void what_has_left_quarantine_before_it_is_published_is_published_all_the_same()
            throws SQLException {
        apply(undecodable("m1", "a", 1));
        List<DeadLetter> entered = outbox(FIRST).take("one", LONG, 10).orElseThrow().letters();
        database.execute("DELETE FROM quarantine");

        assertThat(entered).hasSize(1);
        assertThat(outbox(FIRST).take("one", LONG, 10).orElseThrow().letters()).isEqualTo(entered);
    }

    @Test
    void large_letters_are_read_a_few_at_a_time() throws SQLException {
        assertThat(outbox(FIRST).load()).isEqualTo(OutboxLoad.NONE);
        database.execute(QUARANTINE_AS_BEFORE.formatted(1, 3).replace("''::bytea", TEN_MIB));

        Outbox.Turn turn = outbox(FIRST).take("one", LONG, 10).orElseThrow();

        assertThat(turn.letters())
                .extracting(DeadLetter::messageId)
                .as("what begins within 16 MiB")
                .containsExactly("m1", "m2");
    }

    @Test
    void a_former_owner_that_waits_for_the_row_while_the_turn_is_taken_over_deletes_nothing()
            throws Exception {
        apply(undecodable("m1", "a", 1));
        Outbox.Turn former = outbox(FIRST).take("one", LONG, 10).orElseThrow();
        long id = former.letters().getFirst().quarantineId();
        try (Connection other = database.connect();
                Statement statement = other.createStatement();
                ExecutorService threads = Executors.newSingleThreadExecutor()) {
            other.setAutoCommit(false);
            statement.execute("UPDATE relay_turn SET owner = 'two', fence = fence + 1");
            Future<Boolean> confirmation =
                    threads.submit(() -> outbox(FIRST).confirm(former.fence(), Set.of(id), LONG));
            database.awaitOneWaitingForALock();
            other.commit();

            assertThat(confirmation.get()).isFalse();
        }
        assertThat(outbox(FIRST).load().events()).isEqualTo(1);
    }

    @Test
    void the_index_for_the_next_entries_serves_them() throws SQLException {
        StringBuilder text = new StringBuilder();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET enable_seqscan = off");
            try (var plan =
                    statement.executeQuery(
                            "EXPLAIN SELECT quarantine_id FROM outbox WHERE subscription_id = 1"
                                    + " ORDER BY quarantine_id LIMIT 10")) {
                while (plan.next()) {
                    text.append(plan.getString(1)).append('\n');
                }
            }
        }
        assertThat(text.toString()).contains("outbox_by_subscription").doesNotContain("Sort");
    }

    private void apply(Delivery<CountEvent> delivery) {
        assertThat(inbox(FIRST).apply(List.of(delivery), PlainDeciding.on(CounterStream.STREAM)))
                .isInstanceOf(Settlement.Committed.class);
    }

    @Override
    public Outbox outbox(SubscriptionId subscription) {
        return new PostgresOutbox(database.database(), subscription);
    }

    @Override
    public ParkedEvents<CountEvent, Count, Counted> parkedEvents(SubscriptionId subscription) {
        return new PostgresParkedEvents<>(
                database.database(),
                subscription,
                SubscriptionType.KEY_SHARED,
                new CounterStateStore(subscription.toString()),
                AfterQuarantine.WAITS);
    }

    @Override
    public RecordStore records() {
        return new PostgresRecordStore(database.database());
    }
}
