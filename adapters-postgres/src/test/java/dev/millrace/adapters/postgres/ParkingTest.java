package dev.millrace.adapters.postgres;

import static dev.millrace.ports.counter.Deliveries.add;
import static dev.millrace.ports.counter.Deliveries.broken;
import static dev.millrace.ports.counter.Deliveries.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.domain.AfterQuarantine;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.Fate;
import dev.millrace.domain.Key;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.Outcome;
import dev.millrace.domain.ParkedEvent;
import dev.millrace.domain.Reason;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.SubscriptionType;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.Verdict;
import dev.millrace.ports.contract.PlainDeciding;
import dev.millrace.ports.counter.Count;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.Counted;
import dev.millrace.ports.counter.CounterDecoder;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.driven.ParkedEvents.Patience;
import dev.millrace.ports.driven.Release;
import dev.millrace.ports.driven.Settlement;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * What parking rests on in this database: locks, statements, and processes of the version before.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ParkingTest {

    private static final Fate AT_ONCE = new Fate.Retry(Duration.ZERO);

    private final SubscriptionId subscription =
            new SubscriptionId(
                    new Tenant("millrace"), new Namespace("events"), CounterStream.NAME, "counts");
    private final TestDatabase database;
    private final WatchedConnections connections;
    private final PostgresDatabase watched;

    ParkingTest() throws SQLException {
        database = TestDatabase.create();
        connections = new WatchedConnections(database.pool());
        watched = database.database(connections);
    }

    @BeforeEach
    void begin_empty() throws SQLException {
        database.empty();
    }

    @AfterAll
    void drop() {
        watched.close();
        database.close();
    }

    @Test
    void parking_takes_four_statements_more_whatever_is_parked() {
        apply(delivery("warm", add("warm", 1), 0));
        int plain = statementsOf(batch("p", 100, 0)).size();
        int one = statementsOf(batch("q", 100, 1)).size();
        int many = statementsOf(batch("r", 300, 150)).size();

        assertThat(many).isEqualTo(one);
        // The records that say so, the events, their keys, their attempts.
        assertThat(one).isEqualTo(plain + 4);
        assertThat(one).isLessThanOrEqualTo(PostgresInbox.MAX_STATEMENTS + 4);
    }

    @Test
    void a_release_takes_the_same_statements_however_long_the_queue() {
        for (String key : List.of("a", "b")) {
            apply(delivery(key + 0, broken(key), key.charAt(0) * 1_000));
            int length = key.equals("a") ? 3 : 200;
            for (int i = 1; i < length; i++) {
                apply(delivery(key + i, add(key, 1), key.charAt(0) * 1_000 + i));
            }
        }
        List<Integer> statements = new ArrayList<>();
        for (ParkedEvent head : parked(SubscriptionType.KEY_SHARED).due(2)) {
            List<ParkedEvent> queue = parked(SubscriptionType.KEY_SHARED).queue(head, 500);
            connections.statements();
            assertThat(release(SubscriptionType.KEY_SHARED, queue))
                    .isInstanceOf(Release.Committed.class);
            statements.add(statements().size());
        }

        assertThat(statements).hasSize(2);
        assertThat(statements.getFirst()).isEqualTo(statements.getLast());
    }

    @Test
    void a_key_that_somebody_holds_is_skipped_or_waited_for() throws Exception {
        apply(delivery("m1", broken("a"), 1));
        List<ParkedEvent> queue = parked(SubscriptionType.KEY_SHARED).due(1);
        try (Connection lane = database.connect();
                Statement statement = lane.createStatement();
                ExecutorService releaser = Executors.newSingleThreadExecutor()) {
            lane.setAutoCommit(false);
            statement.execute("SELECT FROM key_lock WHERE key = 'a' FOR NO KEY UPDATE");

            assertThat(
                            parked(SubscriptionType.KEY_SHARED)
                                    .release(queue, Patience.SKIP, verdict(queue, AT_ONCE)))
                    .isEqualTo(new Release.Elsewhere());
            Future<Release> waiting =
                    releaser.submit(() -> release(SubscriptionType.KEY_SHARED, queue));
            database.awaitOneWaitingForALock();
            lane.rollback();

            assertThat(waiting.get())
                    .isEqualTo(new Release.Committed(List.of(new Outcome.Applied())));
        }
    }

    @Test
    void where_there_is_no_order_each_event_is_tried_by_itself() {
        SubscriptionType shared = SubscriptionType.SHARED;
        apply(shared, delivery("m1", broken("a"), 1), delivery("m2", broken("a"), 2));
        List<ParkedEvent> due = parked(shared).due(10);
        assertThat(due).hasSize(2);
        assertThat(parked(shared).queue(due.getFirst(), 10)).containsExactly(due.getFirst());

        assertThat(release(shared, due.subList(1, 2)))
                .isEqualTo(new Release.Committed(List.of(new Outcome.Applied())));
        assertThat(
                        parked(shared)
                                .release(
                                        due.subList(0, 1),
                                        Patience.SKIP,
                                        verdict(
                                                due.subList(0, 1),
                                                new Fate.Quarantine(Reason.ATTEMPTS_EXHAUSTED),
                                                false)))
                .isEqualTo(
                        new Release.Committed(
                                List.of(new Outcome.Quarantined(Reason.ATTEMPTS_EXHAUSTED))));

        assertThat(database.number("SELECT count(*) FROM key_lock")).isZero();
        assertThat(parked(shared).due(10)).isEmpty();
        assertThat(apply(shared, delivery("m3", add("a", 1), 3)))
                .containsExactly(new Outcome.Applied());
    }

    /** As the version before locks its keys; see V1_1 and its InboxTables. */
    @Test
    void a_process_of_the_version_before_finds_no_row_of_a_blocked_key_and_can_make_none()
            throws SQLException {
        apply(delivery("m1", broken("a"), 1), delivery("m2", add("b", 1), 2));
        try (Connection old = database.connect();
                Statement statement = old.createStatement()) {
            old.setAutoCommit(false);
            assertThat(lockedByOld(statement, "a", "b", "c")).containsExactly("b");
            assertThat(
                            statement.executeUpdate(
                                    "INSERT INTO processing_key (subscription_id, key) SELECT id,"
                                            + " k FROM subscription, unnest(ARRAY['a', 'c']) AS k"
                                            + " ON CONFLICT DO NOTHING"))
                    .as("the free one alone")
                    .isEqualTo(1);
            assertThat(lockedByOld(statement, "a", "c"))
                    .as("so it refuses the batch: one is missing")
                    .containsExactly("c");
            old.rollback();
        }
    }

    @Test
    void a_process_of_the_version_before_that_waits_for_a_key_sees_that_it_was_blocked_meanwhile()
            throws Exception {
        apply(delivery("m0", add("a", 1), 0));
        try (Connection parking = database.connect();
                Statement parks = parking.createStatement();
                Connection old = database.connect();
                Statement waits = old.createStatement();
                ExecutorService process = Executors.newSingleThreadExecutor()) {
            parking.setAutoCommit(false);
            parks.execute("SELECT FROM key_lock WHERE key = 'a' FOR NO KEY UPDATE");
            Future<List<String>> locked = process.submit(() -> lockedByOld(waits, "a"));
            database.awaitOneWaitingForALock();
            parks.execute("UPDATE key_lock SET parked = 1 WHERE key = 'a'");
            parking.commit();

            assertThat(locked.get()).isEmpty();
        }
    }

    @Test
    void the_count_of_a_keys_parked_events_never_falls_below_zero() {
        apply(delivery("m1", broken("a"), 1));

        assertThatThrownBy(() -> database.execute("UPDATE key_lock SET parked = parked - 2"))
                .hasMessageContaining("key_lock_parked_check");
    }

    @Test
    void the_indexes_for_what_is_due_and_for_a_queue_serve_them() {
        assertThat(
                        plan(
                                "SELECT sequence FROM parked_event WHERE subscription_id = 1 AND"
                                        + " due_at <= now() ORDER BY due_at LIMIT 32"))
                .contains("parked_event_due");
        assertThat(
                        plan(
                                "SELECT sequence FROM parked_event WHERE subscription_id = 1 AND"
                                        + " key = 'a' ORDER BY sequence LIMIT 500"))
                .contains("parked_event_by_key")
                .doesNotContain("Sort");
    }

    private String plan(String query) {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("SET enable_seqscan = off");
            StringBuilder text = new StringBuilder();
            try (ResultSet plan = statement.executeQuery("EXPLAIN " + query)) {
                while (plan.next()) {
                    text.append(plan.getString(1)).append('\n');
                }
            }
            return text.toString();
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    private static List<String> lockedByOld(Statement statement, String... keys)
            throws SQLException {
        List<String> locked = new ArrayList<>();
        try (ResultSet row =
                statement.executeQuery(
                        "SELECT key FROM processing_key WHERE subscription_id = (SELECT id FROM"
                                + " subscription) AND key = ANY (ARRAY['"
                                + String.join("', '", keys)
                                + "']) ORDER BY key FOR NO KEY UPDATE")) {
            while (row.next()) {
                locked.add(row.getString(1));
            }
        }
        return locked;
    }

    /** Events of as many keys, of which so many fail. */
    private static List<Delivery<CountEvent>> batch(String name, int events, int failing) {
        List<Delivery<CountEvent>> batch = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            String key = name + i;
            batch.add(
                    delivery(
                            key,
                            i < failing ? broken(key) : add(key, 1),
                            name.charAt(0) * 10_000 + i));
        }
        return batch;
    }

    private List<String> statementsOf(List<Delivery<CountEvent>> batch) {
        connections.statements();
        apply(SubscriptionType.KEY_SHARED, batch);
        return statements();
    }

    private List<String> statements() {
        return connections.statements().stream()
                .filter(sql -> !sql.contains("transaction_read_only"))
                .toList();
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private void apply(Delivery<CountEvent>... batch) {
        assertThat(apply(SubscriptionType.KEY_SHARED, List.of(batch))).hasSize(batch.length);
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private List<Outcome> apply(SubscriptionType type, Delivery<CountEvent>... batch) {
        return apply(type, List.of(batch));
    }

    private List<Outcome> apply(SubscriptionType type, List<Delivery<CountEvent>> batch) {
        PlainDeciding<CountEvent, Count, Counted> plain =
                new PlainDeciding<>(CounterStream.STREAM, type.keepsOrder());
        Settlement settlement =
                new PostgresInbox<>(watched, subscription, type, new CounterStateStore("counts"))
                        .apply(batch, (events, known) -> plain.on(events, known, _ -> 0, AT_ONCE));
        assertThat(settlement).isInstanceOf(Settlement.Committed.class);
        return ((Settlement.Committed) settlement).outcomes();
    }

    private PostgresParkedEvents<CountEvent, Count, Counted> parked(SubscriptionType type) {
        return new PostgresParkedEvents<>(
                watched,
                subscription,
                type,
                new CounterStateStore("counts"),
                AfterQuarantine.WAITS);
    }

    private Release release(SubscriptionType type, List<ParkedEvent> queue) {
        return parked(type).release(queue, Patience.WAIT, verdict(queue, AT_ONCE));
    }

    private static Function<Map<Key, Count>, Verdict<CountEvent, Count, Counted>> verdict(
            List<ParkedEvent> queue, Fate fate) {
        return verdict(queue, fate, true);
    }

    private static Function<Map<Key, Count>, Verdict<CountEvent, Count, Counted>> verdict(
            List<ParkedEvent> queue, Fate fate, boolean mended) {
        CounterDecoder decoder = new CounterDecoder(id -> mended);
        List<Delivery.Decoded<CountEvent>> events = new ArrayList<>();
        queue.forEach(event -> events.add((Delivery.Decoded<CountEvent>) decoder.decode(event)));
        return known ->
                new PlainDeciding<>(CounterStream.STREAM, true).on(events, known, _ -> 1, fate);
    }
}
