package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.e2e.Crowd.Answered;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.api.parallel.ResourceLock;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * A broker that stands still under load (SIGSTOP), for longer than a receipt may take, and goes on.
 */
@Isolated("it measures")
@ResourceLock(StackToBreak.LOCK)
class StalledBrokerTest {

    private static final Map<String, String> SETTINGS =
            Map.of(
                    "MILLRACE_PARTITIONS", "3",
                    "MILLRACE_LANES", "2",
                    "MILLRACE_PUBLISH_TIMEOUT", "2s");

    private static final int PROBERS = 6;

    @TempDir private Path folder;

    @Test
    void a_stopped_broker_is_unknown_first_then_refused_and_costs_nothing_once_it_goes_on() {
        History history = History.generate(43, 60, 3_000);
        Stack stack = StackToBreak.get();
        Site site = Site.on(stack.endpoints(), StalledBrokerTest.class);
        Database database = new Database(site);
        try (ServiceProcess service = ServiceProcess.ready(site, folder, SETTINGS)) {
            OrderedSender sender = new OrderedSender(service::gate, 4);
            Prober prober = new Prober(service::gate, "probe");
            prober.start(PROBERS);
            CompletableFuture<Void> sending =
                    CompletableFuture.runAsync(() -> sender.send(history.reports()));
            await().until(() -> database.count("select count(*) from inbox_record") > 100);

            stopAndContinueTheBroker(stack, service, prober);
            sending.join();
            prober.stop();
            retry(service, prober.withStatus(504));

            database.awaitRecords(history.reports().stream().map(Report::messageId).toList());
            database.awaitRecords(prober.withStatus(202));
            database.awaitRecords(prober.withStatus(504));
            System.out.printf(
                    "stalled broker: requests by status %s, single events by status %s, copies"
                            + " beyond the first %d%n",
                    sender.statuses(),
                    prober.counts(),
                    database.count("select sum(copies - 1) from inbox_record"));
            assertThat(sender.missingRetryAfter()).isEmpty();
            assertThat(prober.missingRetryAfter()).isEmpty();
            assertThat(database.records(prober.withStatus(503))).isZero();
            assertThat(database.count("select count(*) - count(distinct message_id) from entry"))
                    .as("no second effect")
                    .isZero();
            assertThat(database.books("acc-")).isEqualTo(history.books(0));
            assertThat(database.count("select count(*) from quarantine")).isZero();
        }
    }

    /** SIGSTOP until 504 has become 503, then SIGCONT, and waits until all is well again. */
    private static void stopAndContinueTheBroker(
            Stack stack, ServiceProcess service, Prober prober) {
        HealthWatch health = new HealthWatch(service::management);
        List<Answered> refusals;
        try (health) {
            stack.suspendBroker();
            try {
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> prober.saw(504) && !service.isReady());
                refusals = IntStream.range(0, 50).mapToObj(i -> answered(service, i)).toList();
            } finally {
                stack.resumeBroker();
            }
        }
        long continued = System.nanoTime();
        service.awaitReadiness(true);
        Duration recovery = Duration.ofNanos(System.nanoTime() - continued);
        long slowest = refusals.stream().mapToLong(Answered::millis).max().orElseThrow();
        System.out.printf(
                "stalled broker: slowest of %d refusals %d ms; slowest health %d ms %s; ready again"
                        + " after %d ms%n",
                refusals.size(),
                slowest,
                health.slowestMillis(),
                health.answers(),
                recovery.toMillis());
        assertThat(refusals)
                .allMatch(refusal -> refusal.status() == 503)
                .allMatch(refusal -> refusal.retryAfter().matches("[1-9][0-9]*"));
        assertThat(slowest).isLessThan(1_000);
        assertThat(health.slowestMillis()).isLessThan(1_000);
        assertThat(health.answers()).doesNotContainKey("live 503").containsKey("ready 503");
        assertThat(recovery).isLessThan(Duration.ofSeconds(10));
    }

    private static Answered answered(ServiceProcess service, int number) {
        long asked = System.nanoTime();
        String id = "meanwhile-" + number;
        Http.Answer answer = Prober.post(service.gate(), Prober.report(id));
        long millis = (System.nanoTime() - asked) / 1_000_000;
        return new Answered(id, answer.status(), answer.retryAfter(), millis);
    }

    private static void retry(ServiceProcess service, List<String> messageIds) {
        for (String id : messageIds) {
            assertThat(Prober.post(service.gate(), Prober.report(id)).status()).isEqualTo(202);
        }
    }
}
