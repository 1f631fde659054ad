package dev.millrace.adapters.postgres;

import static dev.millrace.ports.counter.Deliveries.PUBLISHED_AT;
import static dev.millrace.ports.counter.Deliveries.add;
import static dev.millrace.ports.counter.Deliveries.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.domain.Delivery;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.SubscriptionType;
import dev.millrace.domain.Tenant;
import dev.millrace.ports.contract.PlainDeciding;
import dev.millrace.ports.counter.Count;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.Counted;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.driven.Inbox;
import dev.millrace.ports.driven.RecordStore;
import dev.millrace.ports.driven.Settlement;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What a purge costs the lane beside it, where very many records are old: the same lane with and
 * without, turn by turn in the same run.
 */
@Isolated
final class PurgeBesideLanesTest {

    /** The figure that is stated: how many times as long a transaction may take, in the median. */
    private static final double MOST = 3;

    /** As the service is set by default. */
    private static final int STEP = 5_000;

    /** How many events a transaction of the lane has. */
    private static final int EVENTS = 100;

    /** How many transactions the lane has to itself before the purge has its next turn. */
    private static final int TURN = 20;

    private static final SubscriptionId COUNTS =
            new SubscriptionId(
                    new Tenant("millrace"), new Namespace("events"), CounterStream.NAME, "counts");

    private static final String OLDER_CONNECTIONS =
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND backend_type = 'client backend' AND backend_start < ?::timestamptz
            """;

    private final TestDatabase database;
    private final Inbox<CountEvent, Count, Counted> inbox;
    private final RecordStore records;
    private int last;

    PurgeBesideLanesTest() throws SQLException {
        database = TestDatabase.create();
        inbox =
                new PostgresInbox<>(
                        database.database(),
                        COUNTS,
                        SubscriptionType.KEY_SHARED,
                        new CounterStateStore(COUNTS.toString()));
        records = new PostgresRecordStore(database.database());
    }

    @BeforeEach
    void warm_up() {
        for (int i = 0; i < TURN; i++) {
            transact();
        }
    }

    @AfterEach
    void drop() {
        database.close();
    }

    @Test
    void a_hundred_thousand_old_records_go_and_the_lane_goes_on() throws Exception {
        purgeBesideTheLane(100_000);
    }

    @Test
    @Tag("seeded")
    void a_million_old_records_go_and_the_lane_goes_on() throws Exception {
        purgeBesideTheLane(1_000_000);
    }

    private void purgeBesideTheLane(int old) throws Exception {
        addRecords(old);
        long scans = scans();
        List<Double> alone = new ArrayList<>();
        List<Double> beside = new ArrayList<>();
        List<Double> steps = new ArrayList<>();
        try (ExecutorService thread = Executors.newSingleThreadExecutor()) {
            boolean left = true;
            while (left) {
                for (int i = 0; i < TURN; i++) {
                    alone.add(transact());
                }
                AtomicBoolean turn = new AtomicBoolean(true);
                Future<Boolean> purge = thread.submit(() -> purge(turn, steps));
                for (int i = 0; i < TURN && !purge.isDone(); i++) {
                    beside.add(transact());
                }
                turn.set(false);
                left = purge.get();
            }
        }

        tell(old, alone, beside, steps);
        assertThat(scans()).as("scans of a whole table").isEqualTo(scans);
        assertThat(
                        database.number(
                                "SELECT count(*) FROM inbox_record WHERE published_at <"
                                        + " ?::timestamptz",
                                watermark().toString()))
                .isZero();
        assertThat(database.number("SELECT count(*) FROM inbox_duplicate")).isZero();
        assertThat(database.number("SELECT count(*) FROM event_attempt")).isZero();
        assertThat(median(beside)).isLessThan(MOST * median(alone));
    }

    /**
     * Takes steps for a turn.
     *
     * @return whether any record is left for the next one
     */
    private boolean purge(AtomicBoolean turn, List<Double> steps) {
        while (turn.get()) {
            long begin = System.nanoTime();
            int purged = records.purge(COUNTS, watermark(), STEP);
            steps.add(millisSince(begin));
            if (purged < STEP) {
                return false;
            }
        }
        return true;
    }

    /** One transaction of the lane, on fresh events. */
    private double transact() {
        List<Delivery<CountEvent>> batch = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            last++;
            batch.add(delivery("new-" + last, add("k" + last % 1_000, 1), last));
        }
        long begin = System.nanoTime();
        Settlement settlement = inbox.apply(batch, PlainDeciding.on(CounterStream.STREAM));
        double millis = millisSince(begin);
        assertThat(settlement).isInstanceOf(Settlement.Committed.class);
        return millis;
    }

    /** Records of random message IDs, in the order of their age; some with copies and attempts. */
    private void addRecords(int old) throws SQLException {
        database.execute(
                """
                INSERT INTO inbox_record (subscription_id, message_id, key, state, digest, position_ledger,
                    position_entry, position_partition, position_index, published_at)
                SELECT s.id, md5(i::text), 'k' || i %% 1000, 'applied', decode(repeat('00', 32), 'hex'), 1, i, 0, -1,
                    timestamptz '2026-01-01' + i * interval '1 millisecond'
                FROM subscription s, generate_series(1, %1$d) AS i;
                INSERT INTO inbox_duplicate (subscription_id, message_id, position_ledger, position_entry,
                    position_partition, position_index)
                SELECT s.id, md5(i::text), 2, i, 0, -1 FROM subscription s, generate_series(1, %1$d, 10) AS i;
                INSERT INTO event_attempt (subscription_id, message_id, number, exception, message, frames, trace_id)
                SELECT s.id, md5(i::text), 1, 'java.lang.Exception', 'no', '', ''
                FROM subscription s, generate_series(1, %1$d, 100) AS i;
                """
                        .formatted(old));
        // As the server does by itself when it has a minute.
        database.execute("VACUUM ANALYZE");
    }

    /** After the old records and before the fresh ones. */
    private static Instant watermark() {
        return PUBLISHED_AT.minus(Duration.ofDays(1));
    }

    /** How often a table of many rows was read whole. */
    private long scans() {
        // A connection has told all that it did when it has ended, not before.
        String now = database.texts("SELECT clock_timestamp()").getFirst();
        database.pool().getHikariPoolMXBean().softEvictConnections();
        await().until(() -> database.texts(OLDER_CONNECTIONS, now).getFirst().equals("0"));
        return database.number(
                "SELECT sum(seq_scan) FROM pg_stat_user_tables WHERE relname IN ('inbox_record',"
                        + " 'inbox_duplicate')");
    }

    private static void tell(int old, List<Double> alone, List<Double> beside, List<Double> steps) {
        System.out.printf(
                Locale.ROOT,
                "a lane beside the purge of %,d records: alone median %.1f ms, p99 %.1f ms of %d;"
                    + " beside median %.1f ms, p99 %.1f ms of %d; ratio %.2f. Steps: median %.0f ms"
                    + " of the first ten, %.0f ms of the last ten, %.0f ms the longest of %d%n",
                old,
                median(alone),
                quantile(alone, 0.99),
                alone.size(),
                median(beside),
                quantile(beside, 0.99),
                beside.size(),
                median(beside) / median(alone),
                median(steps.subList(0, 10)),
                median(steps.subList(steps.size() - 10, steps.size())),
                quantile(steps, 1),
                steps.size());
    }

    private static double median(List<Double> values) {
        return quantile(values, 0.5);
    }

    private static double quantile(List<Double> values, double share) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get((int) Math.min(sorted.size() - 1L, (long) (share * sorted.size())));
    }

    private static double millisSince(long begin) {
        return (System.nanoTime() - begin) / 1e6;
    }
}
