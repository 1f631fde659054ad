package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What {@code docs/subscriptions.md} says of each type, with workers that are real processes. One
 * of them has the gate as well, and outlives the others.
 */
class SubscriptionTypesTest {

    private static final String WORKER = "worker";
    private static final String WORKER_WITH_GATE = "gate,worker";
    private static final int PARTITIONS = 3;

    @TempDir private Path folder;

    @Test
    void exclusive_refuses_a_second_consumer_says_so_and_lets_it_in_when_the_first_is_dead() {
        Site site = Site.on(Stacks.shared(), SubscriptionTypesTest.class);
        Database database = new Database(site);
        List<Report> reports = History.generate(71, 20, 1_000).reports();
        try (ServiceProcess holder = start(site, "exclusive", WORKER)) {
            holder.awaitReadiness(true);
            try (ServiceProcess second = start(site, "exclusive", WORKER_WITH_GATE)) {
                String refusal = "another consumer holds this subscription, which is exclusive";
                await().until(() -> second.readiness().contains(refusal));
                assertThat(second.isReady()).isFalse();
                assertThat(second.log()).contains(refusal);

                OrderedSender sender = new OrderedSender(second::gate, 2);
                sender.send(reports.subList(0, 500));
                database.awaitRecords(500);
                assertThat(outcomes(second)).isZero();
                assertThat(outcomes(holder)).isEqualTo(500);

                long killed = System.nanoTime();
                holder.kill();
                second.awaitReadiness(true);
                print("exclusive: the second consumer was let in", killed);
                sender.send(reports.subList(500, 1_000));
                database.awaitRecords(1_000);
            }
        }
        assertThat(database.books()).isEqualTo(new History(71, reports).books(0));
    }

    @Test
    void failover_takes_over_after_a_kill_and_keeps_the_order() {
        Site site = Site.on(Stacks.shared(), SubscriptionTypesTest.class);
        Database database = new Database(site);
        Topic topic = new Topic(site);
        try (ServiceProcess victim = start(site, "failover", WORKER);
                ServiceProcess survivor = start(site, "failover", WORKER_WITH_GATE)) {
            victim.awaitReadiness(true);
            survivor.awaitReadiness(true);
            await().until(() -> activePartitions(topic, victim) > 0);
            assertThat(activePartitions(topic, victim) + activePartitions(topic, survivor))
                    .as("one active consumer a partition")
                    .isEqualTo(PARTITIONS);

            OrderedSender sender = new OrderedSender(survivor::gate, 2);
            try (Traffic traffic = Traffic.start(History.endless(72, 4, 40), sender, Traffic.FEW)) {
                awaitOutcomes("the victim", victim, 100);
                long killed = System.nanoTime();
                victim.kill();
                await().pollInterval(Duration.ofMillis(20))
                        .until(() -> activePartitions(topic, survivor) == PARTITIONS);
                print("failover: the survivor was active on all partitions", killed);
                database.awaitOutcomes(traffic.lastOfEachAccount().values());
                print("failover: every key had gone on", killed);
                List<Report> sent = traffic.stop();
                database.awaitRecords(sent.size());
                assertThat(database.books()).isEqualTo(new History(72, sent).books(0));
            }
        }
    }

    @Test
    void shared_spreads_events_over_all_and_keeps_what_does_not_depend_on_order() {
        Site site = Site.on(Stacks.shared(), SubscriptionTypesTest.class);
        Database database = new Database(site);
        try (ServiceProcess victim = start(site, "shared", WORKER);
                ServiceProcess survivor = start(site, "shared", WORKER_WITH_GATE)) {
            victim.awaitReadiness(true);
            survivor.awaitReadiness(true);
            OrderedSender sender = new OrderedSender(survivor::gate, 2);
            // Credits commute: whatever their order, none is refused and the sum is the same.
            Stream<Report> credits =
                    History.endless(73, 4, 40).filter(report -> report.type().equals("credit"));
            try (Traffic traffic = Traffic.start(credits, sender, Traffic.FEW)) {
                awaitOutcomes("the victim", victim, 100);
                awaitOutcomes("the survivor", survivor, 100);
                System.out.printf(
                        "shared: one worker applied %d, the other %d%n",
                        outcomes(victim), outcomes(survivor));
                victim.kill();
                long before = outcomes(survivor);
                awaitOutcomes("the survivor alone", survivor, before + 100);
                List<Report> sent = traffic.stop();
                database.awaitRecords(sent.size());
                assertThat(balances(database.books()))
                        .isEqualTo(balances(new History(73, sent).books(0)));
                assertThat(messageIds(database.books()))
                        .containsExactlyInAnyOrderElementsOf(
                                sent.stream().map(Report::messageId).toList());
            }
        }
    }

    @Test
    void key_shared_keeps_the_order_of_each_key_while_consumers_join_leave_stall_and_die() {
        Site site = Site.on(Stacks.shared(), SubscriptionTypesTest.class);
        Database database = new Database(site);
        try (ServiceProcess first = start(site, "key_shared", WORKER);
                ServiceProcess survivor = start(site, "key_shared", WORKER_WITH_GATE)) {
            first.awaitReadiness(true);
            survivor.awaitReadiness(true);
            OrderedSender sender = new OrderedSender(survivor::gate, 2);
            try (Traffic traffic = Traffic.start(History.endless(74, 4, 40), sender, Traffic.FEW);
                    ServiceProcess joined = start(site, "key_shared", WORKER)) {
                awaitOutcomes("the first", first, 100);
                awaitOutcomes("the third", survivor, 100);
                joined.awaitReadiness(true);
                awaitOutcomes("the one that joined", joined, 100);
                long applied = outcomes(first);
                assertThat(first.terminate()).isZero();

                joined.suspend();
                long before = outcomes(survivor);
                awaitOutcomes("the third while the other stands still", survivor, before + 200);
                long still = outcomes(survivor) - before;
                joined.resume();
                long resumed = outcomes(joined);
                awaitOutcomes("the one that stood still", joined, resumed);

                System.out.printf(
                        "key_shared: applied before it left %d, by the one that joined %d, by the"
                                + " third %d, of which %d while the other stood still%n",
                        applied, outcomes(joined), outcomes(survivor), still);
                long killed = System.nanoTime();
                joined.kill();
                database.awaitOutcomes(traffic.lastOfEachAccount().values());
                print("key_shared: every key had gone on after a kill", killed);
                List<Report> sent = traffic.stop();
                database.awaitRecords(sent.size());
                assertThat(database.books()).isEqualTo(new History(74, sent).books(0));
            }
        }
    }

    private ServiceProcess start(Site site, String type, String roles) {
        return ServiceProcess.start(
                site,
                folder,
                Map.of(
                        "MILLRACE_ROLES",
                        roles,
                        "MILLRACE_SUBSCRIPTION_TYPE",
                        type,
                        "MILLRACE_LANES",
                        "1",
                        "MILLRACE_BUCKETS",
                        ShortWaits.BUCKETS,
                        "MILLRACE_PARTITIONS",
                        String.valueOf(PARTITIONS)));
    }

    private static long outcomes(ServiceProcess worker) {
        return worker.events("applied") + worker.events("rejected");
    }

    /** Waits until a worker has brought more than so many events to an outcome. */
    private static void awaitOutcomes(String who, ServiceProcess worker, long more) {
        await(who).until(() -> outcomes(worker) > more);
    }

    private static long activePartitions(Topic topic, ServiceProcess worker) {
        return topic.membersOf(worker).stream().filter(Topic.Member::active).count();
    }

    private static Map<String, Long> balances(Map<String, List<History.Line>> books) {
        return books.entrySet().stream()
                .collect(
                        Collectors.toMap(
                                Map.Entry::getKey,
                                book -> book.getValue().getLast().balanceAfterMinor()));
    }

    private static List<String> messageIds(Map<String, List<History.Line>> books) {
        return books.values().stream().flatMap(List::stream).map(History.Line::messageId).toList();
    }

    private static void print(String what, long since) {
        System.out.printf("%s after %d ms%n", what, (System.nanoTime() - since) / 1_000_000);
    }
}
