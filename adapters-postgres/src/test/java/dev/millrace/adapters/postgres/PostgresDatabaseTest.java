package dev.millrace.adapters.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.domain.InvalidValue;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.SubscriptionType;
import dev.millrace.domain.Tenant;
import dev.millrace.ports.Condition;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.contract.PlainDeciding;
import dev.millrace.ports.counter.Count;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.Counted;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.counter.Deliveries;
import dev.millrace.ports.driven.Inbox;
import dev.millrace.ports.driven.Settlement;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

@Order(1) // It mostly waits: last, it would do so alone.
final class PostgresDatabaseTest {

    private static final String NEXT = "classpath:db/next";

    private static final SubscriptionId SUBSCRIPTION =
            new SubscriptionId(
                    new Tenant("millrace"), new Namespace("events"), CounterStream.NAME, "counts");

    @Test
    void an_older_schema_is_refused_with_what_to_run() throws SQLException {
        try (TestDatabase empty = TestDatabase.createEmpty()) {
            assertThatThrownBy(() -> empty.database().requireSchema())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("1.1 (engine)")
                    .hasMessageContaining("2.1 (ledger)")
                    .hasMessageContaining("millrace migrate");
        }
        try (TestDatabase current = TestDatabase.create();
                PostgresDatabase next =
                        PostgresDatabase.open(
                                current.settings(1), List.of(TestDatabase.COUNTER, NEXT))) {
            assertThatThrownBy(next::requireSchema)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("1.900 (expand)");
        }
    }

    @Test
    void old_and_new_work_side_by_side_on_the_newer_schema() throws SQLException {
        try (TestDatabase old = TestDatabase.create();
                PostgresDatabase next =
                        PostgresDatabase.open(
                                old.settings(2), List.of(TestDatabase.COUNTER, NEXT))) {
            assertThat(apply(old.database(), "m1", 1)).isInstanceOf(Settlement.Committed.class);

            next.migrate();

            assertThatCode(next::requireSchema).doesNotThrowAnyException();
            assertThatCode(() -> old.database().requireSchema()).doesNotThrowAnyException();
            assertThatCode(() -> old.database().migrate()).doesNotThrowAnyException();
            assertThat(apply(old.database(), "m2", 2)).isInstanceOf(Settlement.Committed.class);
            assertThat(apply(next, "m3", 3)).isInstanceOf(Settlement.Committed.class);
            assertThat(old.number("SELECT value FROM counter WHERE key = 'a'")).isEqualTo(3);
        }
    }

    @Test
    void migrations_run_twice_or_side_by_side_are_applied_once() throws Exception {
        try (TestDatabase database = TestDatabase.createEmpty();
                ExecutorService processes = Executors.newFixedThreadPool(3)) {
            List<Callable<Boolean>> migrations = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                migrations.add(() -> {
                    database.database().migrate();
                    return true;
                });
            }
            for (Future<Boolean> migration : processes.invokeAll(migrations)) {
                assertThat(migration.get()).isTrue();
            }
            assertThat(
                            database.number(
                                    "SELECT count(version) - count(DISTINCT version) FROM"
                                            + " flyway_schema_history"))
                    .isZero();
            database.database().requireSchema();
        }
    }

    @Test
    void every_table_and_its_one_job_are_described() throws SQLException {
        try (TestDatabase database = TestDatabase.create()) {
            assertThat(
                            database.number(
                                    """
                                    SELECT count(*) FROM pg_class
                                    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
                                        AND relname NOT IN ('flyway_schema_history', 'counter', 'counted')
                                        AND obj_description(oid) IS NULL
                                    """))
                    .isZero();
        }
    }

    @Test
    void every_wait_is_bounded_on_the_server() throws SQLException {
        try (TestDatabase database = TestDatabase.create()) {
            database.database()
                    .read(
                            "settings",
                            connection -> {
                                assertThat(setting(connection, "lock_timeout")).isEqualTo("3s");
                                assertThat(setting(connection, "statement_timeout"))
                                        .isEqualTo("5s");
                                assertThat(
                                                setting(
                                                        connection,
                                                        "idle_in_transaction_session_timeout"))
                                        .isEqualTo("7s");
                                assertThat(setting(connection, "transaction_timeout"))
                                        .isEqualTo("15s");
                                assertThat(setting(connection, "client_connection_check_interval"))
                                        .isEqualTo("5s");
                                assertThat(setting(connection, "application_name"))
                                        .isEqualTo("millrace");
                                assertThat(setting(connection, "transaction_isolation"))
                                        .isEqualTo("read committed");
                                return true;
                            });
        }
    }

    @Test
    void the_condition_follows_the_database() throws SQLException {
        try (TestDatabase database = TestDatabase.create()) {
            awaitCondition(database.database(), true);
            database.makeUnavailable();
            awaitCondition(database.database(), false);
            assertThat(database.database().condition("worker.database"))
                    .satisfies(
                            condition -> assertThat(condition.detail()).contains("not reachable"));
            database.makeAvailable();
            awaitCondition(database.database(), true);
            assertThat(database.database().condition("worker.database"))
                    .isEqualTo(Condition.met("worker.database"));
        }
    }

    @Test
    void a_database_that_takes_no_writes_is_an_outage_even_for_an_empty_batch()
            throws SQLException {
        try (TestDatabase database = TestDatabase.create()) {
            assertThat(apply(database.database(), "m1", 1))
                    .isInstanceOf(Settlement.Committed.class);
            database.readOnly(true);

            assertThatThrownBy(() -> apply(database.database(), "m2", 2))
                    .isInstanceOf(Unavailable.class);
            assertThatThrownBy(() ->
                            inbox(database.database())
                                    .apply(List.of(), PlainDeciding.on(CounterStream.STREAM)))
                    .isInstanceOf(Unavailable.class);
            awaitCondition(database.database(), false);

            database.readOnly(false);
            assertThat(apply(database.database(), "m2", 2))
                    .isInstanceOf(Settlement.Committed.class);
        }
    }

    @Test
    void a_database_that_nobody_listens_for_is_an_outage_and_opening_it_does_not_wait() {
        PostgresSettings settings =
                PostgresSettings.of("jdbc:postgresql://127.0.0.1:1/nowhere", "nobody", "", 1);
        try (PostgresDatabase nowhere = PostgresDatabase.open(settings)) {
            assertThatThrownBy(() -> nowhere.read("anything", Connection::getCatalog))
                    .isInstanceOf(Unavailable.class);
            assertThatThrownBy(nowhere::requireSchema).isInstanceOf(Unavailable.class);
            assertThat(nowhere.condition("reads.database").met()).isFalse();
        }
    }

    @Test
    void settings_refuse_waits_in_the_wrong_order_and_hide_the_password() {
        assertThat(
                        PostgresSettings.of("jdbc:postgresql://db/millrace", "me", "planted", 3)
                                .toString())
                .doesNotContain("planted");
        assertThatThrownBy(() -> PostgresSettings.of("postgres://db/millrace", "me", "", 3))
                .isInstanceOf(InvalidValue.class);
        assertThatThrownBy(() ->
                        new PostgresSettings(
                                "jdbc:postgresql://db/millrace",
                                "me",
                                "",
                                3,
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(20),
                                Duration.ofSeconds(15),
                                Duration.ofSeconds(30),
                                Duration.ofMinutes(15)))
                .hasMessageContaining("statementTimeout must be longer than lockTimeout");
    }

    private static void awaitCondition(PostgresDatabase database, boolean met) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> database.condition("worker.database").met() == met);
    }

    private static Settlement apply(PostgresDatabase database, String messageId, int position) {
        return inbox(database)
                .apply(
                        List.of(Deliveries.delivery(messageId, Deliveries.add("a", 1), position)),
                        PlainDeciding.on(CounterStream.STREAM));
    }

    private static Inbox<CountEvent, Count, Counted> inbox(PostgresDatabase database) {
        return new PostgresInbox<>(
                database,
                SUBSCRIPTION,
                SubscriptionType.KEY_SHARED,
                new CounterStateStore("counts"));
    }

    private static String setting(Connection connection, String name) throws SQLException {
        try (PreparedStatement query = Rows.prepare(connection, "SELECT current_setting(?)", name);
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getString(1);
        }
    }
}
