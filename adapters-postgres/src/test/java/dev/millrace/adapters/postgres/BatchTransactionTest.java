package dev.millrace.adapters.postgres;

import static dev.millrace.ports.counter.Deliveries.add;
import static dev.millrace.ports.counter.Deliveries.delivery;
import static dev.millrace.ports.counter.Deliveries.undecodable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.domain.Accepted;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.Outcome;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.SubscriptionType;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.operations.KnownEffect;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.contract.PlainDeciding;
import dev.millrace.ports.counter.Count;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.Counted;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.driven.Inbox;
import dev.millrace.ports.driven.Settlement;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.postgresql.jdbc.PgConnection;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the contract cannot know of: how many statements a batch takes, and how its transaction may
 * end.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BatchTransactionTest {

    private final TestDatabase database;
    private final WatchedConnections connections;
    private final PostgresDatabase watched;
    private final CounterStateStore counters = new CounterStateStore("counts");

    BatchTransactionTest() throws SQLException {
        database = TestDatabase.create();
        connections = new WatchedConnections(database.pool());
        watched = database.database(connections);
    }

    @BeforeEach
    void begin_empty() throws SQLException {
        database.empty();
        connections.commitBy(PgConnection::commit);
        apply(inbox(counters), delivery("warm", add("warm", 1), 0));
        connections.statements();
    }

    @AfterAll
    void drop() {
        watched.close();
        database.close();
    }

    @Test
    void a_batch_takes_the_same_statements_whatever_its_size() {
        List<String> one = statementsOf(fresh(0, 1));
        assertThat(statementsOf(fresh(1, 10))).hasSameSizeAs(one);
        assertThat(statementsOf(fresh(11, 500))).hasSameSizeAs(one);
        // Quarantined positions, records, key rows thrice for new keys, horizon, four of the
        // counter's store, timeout.
        assertThat(one).hasSize(11);

        assertThat(statementsOf(fresh(511, 500, "k"))).hasSize(11);
        assertThat(statementsOf(fresh(1_011, 500, "k"))).as("on known keys").hasSize(9);
    }

    @Test
    void a_batch_of_everything_takes_a_bounded_number_of_statements() {
        int few = statementsOf(mixed(10)).size();
        int many = statementsOf(mixed(300)).size();

        assertThat(many).isEqualTo(few).isLessThanOrEqualTo(PostgresInbox.MAX_STATEMENTS + 4);
    }

    @Test
    void what_has_been_applied_before_takes_few_statements() {
        List<Delivery<CountEvent>> batch = fresh(0, 100);
        statementsOf(batch);

        assertThat(statementsOf(batch)).hasSize(6);
        assertThat(statementsOf(List.of())).hasSize(2);
    }

    @Test
    void a_batch_of_which_a_failed_statement_was_swallowed_is_not_called_committed() {
        Inbox<CountEvent, Count, Counted> inbox =
                inbox(
                        new SavingAlso(connection -> {
                            try (Statement statement = connection.createStatement()) {
                                statement.execute("SELECT 1 / 0");
                            } catch (SQLException swallowed) {
                                assertThat(swallowed.getSQLState()).isEqualTo("22012");
                            }
                        }));

        assertThatThrownBy(() ->
                        inbox.apply(
                                List.of(delivery("m1", add("a", 5), 1)),
                                PlainDeciding.on(CounterStream.STREAM)))
                .isInstanceOf(IllegalStateException.class)
                .cause()
                .hasMessageContaining("division by zero");
        assertNothingIsThere();
    }

    @Test
    void a_batch_whose_transaction_was_ended_behind_its_back_is_not_called_committed() {
        Inbox<CountEvent, Count, Counted> inbox =
                inbox(
                        new SavingAlso(connection -> {
                            try (Statement statement = connection.createStatement()) {
                                statement.execute("ROLLBACK");
                            }
                        }));

        assertThatThrownBy(() ->
                        inbox.apply(
                                List.of(delivery("m1", add("a", 5), 1)),
                                PlainDeciding.on(CounterStream.STREAM)))
                .isInstanceOf(IllegalStateException.class);
        assertNothingIsThere();
    }

    @Test
    void a_commit_whose_answer_is_lost_is_unknown_and_the_batch_given_again_is_redelivered() {
        connections.commitBy(connection -> {
            connection.commit();
            throw new SQLException("the answer was lost", "08006");
        });
        assertUnavailable(delivery("m1", add("a", 5), 1));

        connections.commitBy(PgConnection::commit);
        assertThat(apply(inbox(counters), delivery("m1", add("a", 5), 1)))
                .containsExactly(new Outcome.Redelivered());
        assertThat(database.number("SELECT value FROM counter WHERE key = 'a'")).isEqualTo(5);
    }

    @Test
    void a_commit_that_was_not_replicated_for_sure_is_unknown() {
        connections.commitBy(connection -> {
            connection.commit();
            connection.addWarning(
                    new SQLWarning("canceling wait for synchronous replication", "01000"));
        });
        assertUnavailable(delivery("m1", add("a", 5), 1));
    }

    @Test
    void a_connection_cut_before_the_commit_is_an_outage_and_the_batch_given_again_is_applied() {
        connections.commitBy(connection -> {
            database.number("SELECT pg_terminate_backend(?)::int", connection.getBackendPID());
            connection.commit();
        });
        assertUnavailable(delivery("m1", add("a", 5), 1));
        assertNothingIsThere();

        connections.commitBy(PgConnection::commit);
        assertThat(apply(inbox(counters), delivery("m1", add("a", 5), 1)))
                .containsExactly(new Outcome.Applied());
    }

    @Test
    void a_connection_cut_in_the_midst_is_an_outage_and_the_pool_recovers() {
        Inbox<CountEvent, Count, Counted> inbox =
                inbox(
                        new SavingAlso(connection -> {
                            database.number(
                                    "SELECT pg_terminate_backend(?)::int",
                                    connection.unwrap(PgConnection.class).getBackendPID());
                            try (Statement statement = connection.createStatement()) {
                                statement.execute("SELECT 1");
                            }
                        }));

        assertThatThrownBy(() ->
                        inbox.apply(
                                List.of(delivery("m1", add("a", 5), 1)),
                                PlainDeciding.on(CounterStream.STREAM)))
                .isInstanceOf(Unavailable.class);
        assertNothingIsThere();
        assertThat(apply(inbox(counters), delivery("m1", add("a", 5), 1)))
                .containsExactly(new Outcome.Applied());
    }

    @Test
    void a_collision_is_run_again_and_what_goes_on_colliding_is_an_outage() {
        AtomicInteger runs = new AtomicInteger();
        Inbox<CountEvent, Count, Counted> once =
                inbox(
                        new SavingAlso(connection -> {
                            if (runs.incrementAndGet() == 1) {
                                throw new SQLException("deadlock detected", "40P01");
                            }
                        }));
        assertThat(apply(once, delivery("m1", add("a", 5), 1)))
                .containsExactly(new Outcome.Applied());
        assertThat(runs).hasValue(2);

        Inbox<CountEvent, Count, Counted> always =
                inbox(
                        new SavingAlso(connection -> {
                            runs.incrementAndGet();
                            throw new SQLException("deadlock detected", "40P01");
                        }));
        assertThatThrownBy(() -> apply(always, delivery("m2", add("a", 5), 2)))
                .isInstanceOf(Unavailable.class);
        assertThat(runs).hasValue(7);
    }

    @Test
    void an_internal_error_of_the_database_is_the_batchs_own_when_it_happens_again() {
        AtomicInteger runs = new AtomicInteger();
        Inbox<CountEvent, Count, Counted> inbox =
                inbox(
                        new SavingAlso(connection -> {
                            runs.incrementAndGet();
                            throw new SQLException("internal error", "XX000");
                        }));

        assertThat(
                        inbox.apply(
                                List.of(delivery("m1", add("a", 5), 1)),
                                PlainDeciding.on(CounterStream.STREAM)))
                .isInstanceOf(Settlement.Refused.class);
        assertThat(runs).hasValue(2);
    }

    @Test
    void a_schema_that_does_not_fit_is_an_outage_and_no_events_fault() {
        Inbox<CountEvent, Count, Counted> inbox =
                inbox(
                        new SavingAlso(connection -> {
                            try (Statement statement = connection.createStatement()) {
                                statement.execute("SELECT missing FROM counter");
                            }
                        }));

        assertThatThrownBy(() -> apply(inbox, delivery("m1", add("a", 5), 1)))
                .isInstanceOf(Unavailable.class);
    }

    @Test
    void a_bug_of_the_state_store_is_loud_and_leaves_nothing() {
        Inbox<CountEvent, Count, Counted> inbox =
                inbox(
                        new SavingAlso(connection -> {
                            throw new UnsupportedOperationException("a bug");
                        }));

        assertThatThrownBy(() -> apply(inbox, delivery("m1", add("a", 5), 1)))
                .isInstanceOf(UnsupportedOperationException.class);
        assertNothingIsThere();
    }

    @Test
    void a_batch_with_nothing_new_still_writes_so_that_its_commit_is_durable() throws SQLException {
        Delivery<CountEvent> copy = undecodable("", "", 1);
        apply(inbox(counters), copy);
        database.execute("UPDATE subscription SET written_at = '2000-01-01'");

        assertThat(apply(inbox(counters), copy)).containsExactly(new Outcome.Redelivered());

        assertThat(
                        database.number(
                                "SELECT count(*) FROM subscription WHERE written_at >"
                                        + " '2020-01-01'"))
                .isEqualTo(1);
    }

    private void assertUnavailable(Delivery<CountEvent> delivery) {
        assertThatThrownBy(() ->
                        inbox(counters)
                                .apply(List.of(delivery), PlainDeciding.on(CounterStream.STREAM)))
                .isInstanceOf(Unavailable.class);
    }

    private void assertNothingIsThere() {
        assertThat(database.number("SELECT count(*) FROM inbox_record WHERE message_id <> 'warm'"))
                .isZero();
        assertThat(database.number("SELECT count(*) FROM counter WHERE key <> 'warm'")).isZero();
        assertThat(database.number("SELECT count(*) FROM key_lock WHERE key <> 'warm'")).isZero();
    }

    private Inbox<CountEvent, Count, Counted> inbox(StateStore<CountEvent, Count, Counted> store) {
        SubscriptionId subscription =
                new SubscriptionId(
                        new Tenant("millrace"),
                        new Namespace("events"),
                        CounterStream.NAME,
                        "counts");
        return new PostgresInbox<>(watched, subscription, SubscriptionType.KEY_SHARED, store);
    }

    private List<String> statementsOf(List<Delivery<CountEvent>> batch) {
        connections.statements();
        apply(inbox(counters), batch);
        return connections.statements().stream()
                .filter(sql -> !sql.contains("transaction_read_only"))
                .toList();
    }

    private static List<Delivery<CountEvent>> fresh(int from, int events) {
        return fresh(from, events, "key" + from + "-");
    }

    private static List<Delivery<CountEvent>> fresh(int from, int events, String keys) {
        List<Delivery<CountEvent>> batch = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            batch.add(delivery("m" + (from + i), add(keys + i, 1), from + i + 1));
        }
        return batch;
    }

    /** Fresh, rejected, duplicate, conflicting and undecodable copies, as many of each. */
    private static List<Delivery<CountEvent>> mixed(int each) {
        List<Delivery<CountEvent>> batch = new ArrayList<>();
        for (int i = 0; i < each; i++) {
            String id = "x" + each + "-" + i;
            int position = each * 1_000 + i * 10;
            batch.add(delivery(id, add(id, 1), position));
            batch.add(delivery(id + "r", add(id, 5_000), position + 1));
            batch.add(delivery(id, add(id, 1), position + 2));
            batch.add(delivery(id, add(id, 2), position + 3));
            batch.add(undecodable("", "", position + 4));
            batch.add(delivery("warm", add("warm", 1), position + 5));
        }
        return batch;
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private static List<Outcome> apply(
            Inbox<CountEvent, Count, Counted> inbox, Delivery<CountEvent>... batch) {
        return apply(inbox, List.of(batch));
    }

    private static List<Outcome> apply(
            Inbox<CountEvent, Count, Counted> inbox, List<Delivery<CountEvent>> batch) {
        Settlement settlement = inbox.apply(batch, PlainDeciding.on(CounterStream.STREAM));
        assertThat(settlement).isInstanceOf(Settlement.Committed.class);
        return ((Settlement.Committed) settlement).outcomes();
    }

    /** A counter's store that does something more when it saves. */
    private final class SavingAlso implements StateStore<CountEvent, Count, Counted> {
        private final Deed deed;

        SavingAlso(Deed deed) {
            this.deed = deed;
        }

        @Override
        public Map<Key, Count> load(Connection connection, Collection<Key> keys)
                throws SQLException {
            return counters.load(connection, keys);
        }

        @Override
        public void save(
                Connection connection,
                Map<Key, Count> changed,
                List<Accepted<CountEvent, Counted>> accepted,
                Instant appliedAt)
                throws SQLException {
            counters.save(connection, changed, accepted, appliedAt);
            deed.on(connection);
        }

        @Override
        public Set<MessageId> effects(Connection connection, Map<MessageId, Key> events)
                throws SQLException {
            return counters.effects(connection, events);
        }

        @Override
        public Optional<KnownEffect> effect(Connection connection, MessageId messageId, Key key)
                throws SQLException {
            return counters.effect(connection, messageId, key);
        }
    }

    /** What happens to an open transaction. */
    @FunctionalInterface
    private interface Deed {
        void on(Connection connection) throws SQLException;
    }
}
