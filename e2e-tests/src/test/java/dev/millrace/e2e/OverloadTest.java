package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.e2e.Crowd.Answered;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Far more callers than the broker can serve: it is slow, behind a proxy that delays every byte.
 * All connections of the service go through it, since a standalone broker has its clients stay at
 * the address that they came to.
 */
@Isolated("it measures")
class OverloadTest {

    /** With so many events under way and so long for a receipt, at most 50 a second get in. */
    private static final int UNDER_WAY = 10;

    private static final Duration EACH_WAY = Duration.ofMillis(100);

    private static final int CONNECTIONS = 1_000;
    private static final Duration INTERVAL = Duration.ofMillis(1_500);
    private static final Duration LENGTH = Duration.ofSeconds(6);

    private static final Predicate<Answered> ACCEPTED = Answered::isAcceptance;
    private static final Predicate<Answered> REFUSED = Answered::isRefusal;

    @TempDir private Path folder;

    @Test
    void ten_times_the_capacity_is_refused_at_once_and_what_is_accepted_stays_quick()
            throws Exception {
        Site site = Site.on(Stacks.shared(), OverloadTest.class);
        Database database = new Database(site);
        URI broker = URI.create(site.endpoints().pulsarServiceUrl());
        try (TcpProxy proxy = TcpProxy.to(broker.getPort());
                ServiceProcess service =
                        ServiceProcess.ready(
                                site,
                                folder,
                                Map.of(
                                        "MILLRACE_GATE_MAX_EVENTS",
                                        Integer.toString(UNDER_WAY),
                                        "MILLRACE_PULSAR_SERVICE_URL",
                                        "pulsar://127.0.0.1:" + proxy.port()))) {
            proxy.delay(EACH_WAY);
            Crowd first = new Crowd(service.gate(), "first", CONNECTIONS, INTERVAL, INTERVAL);
            first.run();
            Crowd crowd = new Crowd(service.gate(), "crowd", CONNECTIONS, INTERVAL, LENGTH);
            long memoryBefore = Memory.liveMegabytes(service);

            HealthWatch health = new HealthWatch(service::management);
            try (health) {
                crowd.run();
            }
            Duration recovery = untilAccepted(service);
            long memoryAfter = Memory.liveMegabytes(service);
            proxy.delay(Duration.ZERO);

            print(crowd, health, recovery, memoryBefore, memoryAfter);
            first.judge();
            crowd.judge();
            assertThat(crowd.statuses().keySet()).isSubsetOf(202, 429, 503).contains(202, 429);
            assertThat(crowd.rate(answer -> true))
                    .as("the load is ten times of what gets in")
                    .isGreaterThan(10 * crowd.rate(ACCEPTED));
            assertThat(crowd.percentile(0.99, ACCEPTED)).isLessThan(2_000);
            assertThat(crowd.percentile(0.99, REFUSED)).isLessThan(1_000);
            assertThat(crowd.answers(REFUSED))
                    .allMatch(refusal -> refusal.retryAfter().matches("[1-9][0-9]*"));
            assertThat(health.answers()).containsOnlyKeys("live 200", "ready 200");
            assertThat(health.slowestMillis()).isLessThan(1_000);
            assertThat(memoryAfter - memoryBefore).as("MiB more in use").isLessThan(16);
            assertThat(recovery).isLessThan(Duration.ofSeconds(5));
            assertAcceptedOnceAndRefusedNever(database, crowd);
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
        database.awaitRecords(ids(crowd, ACCEPTED));
        assertThat(database.records(ids(crowd, REFUSED))).isZero();
    }

    private static List<String> ids(Crowd crowd, Predicate<Answered> so) {
        return crowd.answers(so).stream().map(Answered::messageId).toList();
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
                health.slowestMillis(),
                health.answers(),
                before,
                after,
                recovery.toMillis());
    }
}
