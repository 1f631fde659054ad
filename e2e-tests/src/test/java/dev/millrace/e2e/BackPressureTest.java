package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The database stands still, then dies, while events come in: what the lanes hold and the memory of
 * the process stay where they were, however much waits. {@code -Dmillrace.backlog=50000} lets so
 * many wait.
 */
@ResourceLock(StackToBreak.LOCK)
class BackPressureTest {

    private static final int BACKLOG = Integer.getInteger("millrace.backlog", 12_000);
    private static final int PARTITIONS = 2;
    private static final int LANES = 2;
    private static final int BATCH = 100;

    private static final int ENTRY = 5;

    /** The broker reads so many entries at once, and may give all of them, asked for or not. */
    private static final int ENTRIES_OF_A_READ = 100;

    /** As docs/capacity.md has it. */
    private static final long MOST_OF_A_LANE =
            PARTITIONS * (3L * BATCH + ENTRIES_OF_A_READ * ENTRY) + 5L * BATCH;

    private static final Map<String, String> SETTINGS =
            Map.of(
                    "MILLRACE_PARTITIONS", Integer.toString(PARTITIONS),
                    "MILLRACE_LANES", Integer.toString(LANES),
                    "MILLRACE_BUCKETS", ShortWaits.BUCKETS,
                    "MILLRACE_BATCH_MAX_EVENTS", Integer.toString(BATCH),
                    "MILLRACE_PUBLISH_MAX_EVENTS", Integer.toString(ENTRY),
                    "MILLRACE_OUTAGE_BACKOFF_CAP", "1s",
                    "MILLRACE_OUTAGE_WITHDRAW_AFTER", "1h");

    @TempDir private static Path folder;
    private static Stack stack;

    @BeforeAll
    static void find_a_stack_to_break() {
        stack = StackToBreak.get();
    }

    @Test
    void a_database_that_stands_still_or_is_dead_keeps_the_workers_memory_flat() {
        long seed = 19_700_104;
        History history = wordy(History.generate(seed, 200, 2 * BACKLOG));
        Site site = Site.on(stack.endpoints(), BackPressureTest.class);
        Database database = new Database(site);
        try (ServiceProcess service = ServiceProcess.ready(site, folder, SETTINGS)) {
            OrderedSender sender = new OrderedSender(service::gate, 8);
            int warm = BACKLOG / 10;
            sender.send(history.reports().subList(0, warm));
            database.awaitRecords(warm);
            Held before = held(site, service);

            stack.suspendPostgres();
            sender.send(history.reports().subList(warm, BACKLOG));
            Held standingStill = held(site, service);

            stack.resumePostgres();
            stack.killPostgres();
            service.awaitReadiness(false);
            sender.send(history.reports().subList(BACKLOG, 2 * BACKLOG));
            Held dead = held(site, service);

            System.out.printf(
                    "%d events wait; held by a lane at most %d; before %s, stopped %s, dead %s%n",
                    2 * BACKLOG - warm, MOST_OF_A_LANE, before, standingStill, dead);
            // Others break this stack after it, so it is whole before anything can fail here.
            stack.startPostgres();
            service.awaitReadiness(true);
            for (Held held : List.of(standingStill, dead)) {
                assertThat(held.unacknowledged())
                        .as("events that a lane holds")
                        .hasSize(LANES)
                        .allSatisfy(events -> assertThat(events).isBetween(1L, MOST_OF_A_LANE));
                assertThat(held.heapMegabytes() - before.heapMegabytes())
                        .as("growth of the heap after a collection")
                        .isLessThan(16);
            }
            database.awaitRecords(2L * BACKLOG);
            assertThat(sender.accepted()).hasSize(2 * BACKLOG);
            assertThat(database.books()).isEqualTo(history.books(0));
            assertThat(database.count("select count(*) from quarantine")).isZero();
        }
    }

    /** Each event gets about a kibibyte. */
    private static History wordy(History history) {
        String words = "ž".repeat(450);
        return new History(
                history.seed(),
                history.reports().stream()
                        .map(report ->
                                new Report(
                                        report.messageId(),
                                        report.accountId(),
                                        report.type(),
                                        report.amountMinor(),
                                        report.currency(),
                                        report.occurredAt(),
                                        words))
                        .toList());
    }

    /**
     * What the worker has taken and not yet acknowledged, by lane, as the broker counts it, and
     * what lives on its heap.
     */
    private record Held(List<Long> unacknowledged, long heapMegabytes) {

        @Override
        public String toString() {
            return unacknowledged + " events and " + heapMegabytes + " MiB";
        }
    }

    private static Held held(Site site, ServiceProcess service) {
        Map<String, Long> byLane =
                new Topic(site)
                        .members().stream()
                                .collect(
                                        Collectors.groupingBy(
                                                Topic.Member::consumer,
                                                TreeMap::new,
                                                Collectors.summingLong(
                                                        Topic.Member::unacknowledged)));
        return new Held(List.copyOf(byLane.values()), Memory.liveMegabytes(service));
    }
}
