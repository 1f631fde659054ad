package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.e2e.Crowd.Answered;
import dev.millrace.stack.EmbeddedStack;
import dev.millrace.stack.StackOptions;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * A broker that is slow, behind a proxy that delays every byte, and one that is stopped. All
 * clients go through the proxy, since its port is what the broker says it listens on.
 */
class OverloadTest {

    /** With so many events under way and so long for a receipt, at most 50 a second get in. */
    private static final int UNDER_WAY = 10;

    private static final Duration EACH_WAY = Duration.ofMillis(100);

    private static final int CONNECTIONS = 1_000;
    private static final Duration INTERVAL = Duration.ofMillis(1_500);
    private static final Duration LENGTH = Duration.ofSeconds(9);

    /** A few answers may be slow because this machine is busy with something else. */
    private static final double MOST = 0.95;

    private static final Predicate<Answered> ACCEPTED = Answered::isAcceptance;
    private static final Predicate<Answered> REFUSED = Answered::isRefusal;

    @TempDir private static Path folder;
    private static TcpProxy proxy;
    private static EmbeddedStack stack;

    @BeforeAll
    static void start_a_broker_behind_a_proxy() throws IOException {
        int port = freePort();
        proxy = TcpProxy.to(port);
        Map<String, String> broker =
                Map.of(
                        "advertisedAddress", "",
                        "advertisedListeners", "proxied:pulsar://127.0.0.1:" + proxy.port(),
                        "internalListenerName", "proxied");
        stack =
                EmbeddedStack.start(
                        folder.resolve("stack"),
                        new StackOptions(port, 0, 0, broker, false, line -> {}));
    }

    @AfterAll
    static void stop_it() {
        stack.close();
        proxy.close();
    }

    @Test
    void ten_times_the_capacity_is_refused_at_once_and_what_is_accepted_stays_quick()
            throws Exception {
        Site site = Site.on(stack.endpoints(), OverloadTest.class);
        Database database = new Database(site);
        Map<String, String> settings =
                Map.of("MILLRACE_GATE_MAX_EVENTS", Integer.toString(UNDER_WAY));
        try (ServiceProcess service = ServiceProcess.ready(site, folder, settings)) {
            proxy.delay(EACH_WAY);
            new Crowd(service.gate(), "first", CONNECTIONS, INTERVAL, INTERVAL).run();
            Crowd crowd = new Crowd(service.gate(), "crowd", CONNECTIONS, INTERVAL, LENGTH);
            long memoryBefore = Memory.liveMegabytes(service);

            HealthWatch health = new HealthWatch(service::management);
            try (health) {
                crowd.run();
            }
            Duration recovery = untilAccepted(service);
            long memoryAfter = Memory.liveMegabytes(service);

            print(crowd, health, recovery, memoryBefore, memoryAfter);
            assertThat(crowd.statuses().keySet()).isSubsetOf(202, 429, 503).contains(202, 429);
            assertThat(crowd.rate(answer -> true))
                    .as("the load is ten times of what gets in")
                    .isGreaterThan(10 * crowd.rate(ACCEPTED));
            assertThat(crowd.percentile(0.99, ACCEPTED)).isLessThan(2_000);
            assertThat(crowd.percentile(0.99, REFUSED)).isLessThan(1_000);
            assertThat(crowd.answers(REFUSED))
                    .allMatch(refusal -> refusal.retryAfter().matches("[1-9][0-9]*"));
            assertThat(health.answers()).containsOnlyKeys("live 200", "ready 200");
            assertThat(health.percentileMillis(MOST)).isLessThan(1_000);
            assertThat(memoryAfter - memoryBefore).as("MiB more in use").isLessThan(16);
            assertThat(recovery).isLessThan(Duration.ofSeconds(5));
            assertAcceptedOnceAndRefusedNever(database, crowd);
        } finally {
            proxy.delay(Duration.ZERO);
        }
    }

    @Test
    void a_stopped_broker_is_unknown_first_then_refused_and_costs_nothing_once_it_goes_on() {
        History history = History.generate(43, 60, 3_000);
        Site site = Site.on(stack.endpoints(), OverloadTest.class);
        Database database = new Database(site);
        Map<String, String> settings =
                Map.of("MILLRACE_PARTITIONS", "3", "MILLRACE_PUBLISH_TIMEOUT", "2s");
        try (ServiceProcess service = ServiceProcess.ready(site, folder, settings)) {
            OrderedSender sender = new OrderedSender(service::gate, 4);
            Prober prober = new Prober(service::gate, "probe");
            prober.start(6);
            CompletableFuture<Void> sending =
                    CompletableFuture.runAsync(() -> sender.send(history.reports()));
            await().until(() -> database.count("select count(*) from inbox_record") > 100);

            stopAndContinueTheBroker(service, prober);
            sending.join();
            prober.stop();
            retry(service, prober.withStatus(504));

            awaitRecords(database, history.reports().stream().map(Report::messageId).toList());
            awaitRecords(database, prober.withStatus(202));
            awaitRecords(database, prober.withStatus(504));
            System.out.printf(
                    "stopped broker: requests by status %s, single events by status %s, copies"
                            + " beyond the first %d%n",
                    sender.statuses(),
                    prober.counts(),
                    database.count("select sum(copies - 1) from inbox_record"));
            assertThat(sender.missingRetryAfter()).isEmpty();
            assertThat(prober.missingRetryAfter()).isEmpty();
            assertThat(database.count(recorded(prober.withStatus(503)))).isZero();
            assertThat(database.count("select count(*) - count(distinct message_id) from entry"))
                    .as("no second effect")
                    .isZero();
            Map<String, List<History.Line>> books = database.books();
            books.keySet().removeIf(account -> !account.startsWith("acc-"));
            assertThat(books).isEqualTo(history.books(0));
            assertThat(database.count("select count(*) from quarantine")).isZero();
        }
    }

    /** SIGSTOP until 504 has become 503, then SIGCONT, and waits until all is well again. */
    private static void stopAndContinueTheBroker(ServiceProcess service, Prober prober) {
        HealthWatch health = new HealthWatch(service::management);
        List<Answered> refusals;
        try (health) {
            Signal.STOP.send(stack.brokerPid());
            try {
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> prober.saw(504) && !service.isReady());
                refusals = IntStream.range(0, 50).mapToObj(i -> answered(service, i)).toList();
            } finally {
                Signal.CONT.send(stack.brokerPid());
            }
        }
        long continued = System.nanoTime();
        service.awaitReadiness(true);
        Duration recovery = Duration.ofNanos(System.nanoTime() - continued);
        long slowest = refusals.stream().mapToLong(Answered::millis).max().orElseThrow();
        System.out.printf(
                "stopped broker: slowest of %d refusals %d ms; slowest health %d ms %s; ready again"
                        + " after %d ms%n",
                refusals.size(),
                slowest,
                health.percentileMillis(1),
                health.answers(),
                recovery.toMillis());
        assertThat(refusals)
                .allMatch(refusal -> refusal.status() == 503)
                .allMatch(refusal -> refusal.retryAfter().matches("[1-9][0-9]*"));
        assertThat(slowest).isLessThan(1_000);
        assertThat(health.percentileMillis(MOST)).isLessThan(1_000);
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

    /** Tells how long it takes until a caller who does what he is told gets in. */
    private static Duration untilAccepted(ServiceProcess service) throws InterruptedException {
        long end = System.nanoTime();
        for (int attempt = 0; attempt < 10; attempt++) {
            Http.Answer answer =
                    Prober.post(service.gate(), Prober.report("afterwards-" + attempt));
            if (answer.status() == 202) {
                break;
            }
            Thread.sleep(Duration.ofSeconds(Long.parseLong(answer.retryAfter())));
        }
        return Duration.ofNanos(System.nanoTime() - end);
    }

    private static void assertAcceptedOnceAndRefusedNever(Database database, Crowd crowd) {
        awaitRecords(database, ids(crowd, ACCEPTED));
        assertThat(database.count(recorded(ids(crowd, REFUSED)))).isZero();
    }

    private static List<String> ids(Crowd crowd, Predicate<Answered> so) {
        return crowd.answers(so).stream().map(Answered::messageId).toList();
    }

    private static void awaitRecords(Database database, List<String> messageIds) {
        database.awaitCount(recorded(messageIds), messageIds.size());
    }

    private static String recorded(List<String> messageIds) {
        return "select count(*) from inbox_record where message_id in ('"
                + String.join("','", messageIds)
                + "')";
    }

    private static void print(
            Crowd crowd, HealthWatch health, Duration recovery, long before, long after) {
        System.out.printf(
                "overload: %d connections, %.0f requests/s, %.0f accepted/s, by status %s;"
                        + " accepted p50 %d ms, p99 %d ms; refused p50 %d ms, p99 %d ms; slowest"
                        + " health %d ms %s; live heap %d MiB before, %d MiB after; normal again"
                        + " after %d ms%n",
                CONNECTIONS,
                crowd.rate(answer -> true),
                crowd.rate(ACCEPTED),
                crowd.statuses(),
                crowd.percentile(0.5, ACCEPTED),
                crowd.percentile(0.99, ACCEPTED),
                crowd.percentile(0.5, REFUSED),
                crowd.percentile(0.99, REFUSED),
                health.percentileMillis(1),
                health.answers(),
                before,
                after,
                recovery.toMillis());
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
