package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * SIGKILL of the service at random moments, again and again, while it takes events in and applies
 * them. Between two kills a slice of the history has to be accepted, so that each kill meets work.
 */
class ServiceKillTest {

    private static final int SLICE = 600;
    private static final Map<String, String> SETTINGS =
            Map.of("MILLRACE_PARTITIONS", "3", "MILLRACE_LANES", "2");

    @TempDir private Path folder;

    @Test
    void a_few_kills_lose_nothing_and_double_nothing() {
        killAtRandom(19_700_101, 5, Duration.ofMinutes(5));
    }

    @Seeded
    void kills_by_the_clock_lose_nothing_and_double_nothing() {
        int kills = killAtRandom(System.nanoTime(), 10_000, Duration.ofMinutes(2));
        assertThat(kills).as("kills in the time given").isGreaterThanOrEqualTo(25);
    }

    private int killAtRandom(long seed, int most, Duration time) {
        long end = System.nanoTime() + time.toNanos();
        SplittableRandom random = new SplittableRandom(seed);
        History history = History.generate(seed, 60, SLICE * (Math.min(most, 500) + 1));
        Site site = Site.on(Stacks.shared(), ServiceKillTest.class);
        AtomicReference<ServiceProcess> service =
                new AtomicReference<>(ServiceProcess.ready(site, folder, SETTINGS));
        OrderedSender sender = new OrderedSender(() -> gateOf(service.get()), 4);
        int kills = 0;
        try {
            while (kills < most && System.nanoTime() < end) {
                List<Report> slice = slice(history, kills);
                CompletableFuture<Void> sending =
                        CompletableFuture.runAsync(() -> sender.send(slice));
                LockSupport.parkNanos(Duration.ofMillis(random.nextLong(600)).toNanos());
                service.get().kill();
                kills++;
                service.set(ServiceProcess.start(site, folder, SETTINGS));
                sending.join();
            }
            List<Report> sent = history.reports().subList(0, SLICE * kills);
            System.out.printf(
                    "seed %d: %d kills, %d events, requests by status %s%n",
                    seed, kills, sent.size(), sender.statuses());
            Database database = new Database(site);
            database.awaitRecords(sent.size());
            assertThat(sender.accepted()).hasSize(sent.size());
            assertThat(database.books()).isEqualTo(new History(seed, sent).books(0));
            assertThat(database.count("select count(*) from quarantine")).isZero();
            return kills;
        } finally {
            service.get().close();
        }
    }

    private static List<Report> slice(History history, int number) {
        return history.reports().subList(SLICE * number, SLICE * (number + 1));
    }

    private static URI gateOf(ServiceProcess service) {
        if (!service.hasStarted()) {
            throw new IllegalStateException("no gate yet");
        }
        return service.gate();
    }
}
