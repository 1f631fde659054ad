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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * SIGKILL of the service at random moments, again and again, while it takes events in and applies
 * them. Between two kills a slice of the history has to be accepted, so that each kill meets work.
 * Whose event was in hand at a kill is no culprit.
 */
class ServiceKillTest {

    private static final int SLICE = 600;

    /** After a thousand kills hundreds of thousands of events are still to be applied. */
    private static final Duration TO_CATCH_UP = Duration.ofMinutes(15);

    private static final Map<String, String> SETTINGS =
            Map.of("MILLRACE_PARTITIONS", "3", "MILLRACE_LANES", "2");

    @TempDir private Path folder;

    @Test
    void a_few_kills_lose_nothing_and_double_nothing() {
        killAtRandom(19_700_101, 1, 3, Duration.ofMinutes(5));
    }

    /** {@code -Dmillrace.kills=1000} for so many, by the hour if need be. */
    @Seeded
    void kills_by_the_clock_of_three_replicas_lose_nothing_and_convict_nobody() {
        int wished = Integer.getInteger("millrace.kills", 0);
        Duration time = wished > 0 ? Duration.ofHours(3) : Duration.ofMinutes(2);
        long seed = Long.getLong("millrace.seed", System.nanoTime());
        int kills = killAtRandom(seed, 3, wished > 0 ? wished : 500, time);
        assertThat(kills)
                .as("kills in the time given")
                .isGreaterThanOrEqualTo(Math.max(wished, 25));
    }

    private int killAtRandom(long seed, int replicas, int most, Duration time) {
        long end = System.nanoTime() + time.toNanos();
        SplittableRandom random = new SplittableRandom(seed);
        History history = History.generate(seed, 60, SLICE * most);
        Site site = Site.on(Stacks.shared(), ServiceKillTest.class);
        List<ServiceProcess> services = new CopyOnWriteArrayList<>();
        OrderedSender sender = new OrderedSender(() -> anyGate(services), 4);
        int kills = 0;
        try {
            for (int replica = 0; replica < replicas; replica++) {
                services.add(ServiceProcess.start(site, folder, SETTINGS));
            }
            services.forEach(service -> service.awaitReadiness(true));
            while (kills < most && System.nanoTime() < end) {
                List<Report> slice = slice(history, kills);
                CompletableFuture<Void> sending =
                        CompletableFuture.runAsync(() -> sender.send(slice));
                LockSupport.parkNanos(Duration.ofMillis(random.nextLong(600)).toNanos());
                int victim = random.nextInt(replicas);
                services.get(victim).kill();
                kills++;
                services.set(victim, ServiceProcess.start(site, folder, SETTINGS));
                sending.join();
            }
            List<Report> sent = history.reports().subList(0, SLICE * kills);
            System.out.printf(
                    "seed %d: %d kills among %d replicas, %d events, requests by status %s%n",
                    seed, kills, replicas, sent.size(), sender.statuses());
            Database database = new Database(site);
            database.awaitRecords(sent.size(), TO_CATCH_UP);
            System.out.printf(
                    "%d deaths in a run of one event alone, none convicted%n",
                    database.count("select count(*) from event_attempt"));
            assertThat(sender.accepted()).hasSize(sent.size());
            assertThat(database.books()).isEqualTo(new History(seed, sent).books(0));
            assertThat(database.count("select count(*) from quarantine")).isZero();
            return kills;
        } finally {
            services.forEach(ServiceProcess::close);
        }
    }

    private static List<Report> slice(History history, int number) {
        return history.reports().subList(SLICE * number, SLICE * (number + 1));
    }

    private static URI anyGate(List<ServiceProcess> services) {
        ServiceProcess any = services.get(ThreadLocalRandom.current().nextInt(services.size()));
        if (!any.hasStarted()) {
            throw new IllegalStateException("no gate yet");
        }
        return any.gate();
    }
}
