package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;

/**
 * Two processes under load are restarted one after the other, as a deployment does it: nobody sees
 * a copy again that was committed, and no caller a request without an answer. {@code
 * -Dmillrace.restarts=50} restarts so often.
 */
@Order(2) // It takes long: last, it would run alone.
class RollingRestartTest {

    private static final int SLICE = 1_500;
    private static final int PROCESSES = 2;
    private static final int CALLERS = 8;
    private static final int SOME = 100;
    private static final Map<String, String> SETTINGS =
            Map.of(
                    "MILLRACE_PARTITIONS", "4",
                    "MILLRACE_LANES", "2",
                    "MILLRACE_BATCH_MAX_EVENTS", "50",
                    "MILLRACE_GATE_DRAIN", "2s");

    @TempDir private Path folder;
    private Site site;
    private AtomicReferenceArray<ServiceProcess> services;
    private long redelivered;

    @BeforeEach
    void start() {
        site = Site.on(Stacks.shared(), RollingRestartTest.class);
        services = new AtomicReferenceArray<>(PROCESSES);
        for (int number = 0; number < PROCESSES; number++) {
            services.set(number, ServiceProcess.ready(site, folder, SETTINGS));
        }
    }

    @AfterEach
    void stop() {
        for (int number = 0; number < PROCESSES; number++) {
            services.get(number).close();
        }
    }

    @Test
    void graceful_restarts_redeliver_nothing() {
        int wished = Integer.getInteger("millrace.restarts", 2);
        assertThat(restart(19_700_103, wished, Duration.ofMinutes(15))).isEqualTo(wished);
    }

    @Test
    void who_keeps_a_connection_loses_no_request() {
        Database database = new Database(site);
        try (RegularCallers callers =
                new RegularCallers(this::readyGate, "regular").start(CALLERS)) {
            for (int number = 0; number < PROCESSES; number++) {
                database.awaitAtLeast(callers.statuses().with(202).size() + SOME);
                restart(number);
            }
            database.awaitAtLeast(callers.statuses().with(202).size() + SOME);
            callers.stop();
            System.out.printf(
                    "%d callers, each process replaced once: events by status %s, %d connections"
                            + " ended by an answer%n",
                    CALLERS, callers.statuses().counts(), callers.farewells());
            assertThat(callers.losses()).isEmpty();
            assertThat(callers.statuses().counts()).containsOnlyKeys(202);
            assertThat(callers.farewells())
                    .as("all were with the last process")
                    .isGreaterThanOrEqualTo(CALLERS);
            database.awaitRecords(callers.statuses().with(202));
        }
    }

    @Seeded
    void graceful_restarts_by_the_clock_redeliver_nothing() {
        int restarts = restart(System.nanoTime(), 10_000, Duration.ofMinutes(2));
        assertThat(restarts).as("restarts in the time given").isGreaterThanOrEqualTo(8);
    }

    /** Restarts so often at most, for so long at most, and answers how often. */
    private int restart(long seed, int most, Duration time) {
        long end = System.nanoTime() + time.toNanos();
        SplittableRandom random = new SplittableRandom(seed);
        History history = History.generate(seed, 60, SLICE * Math.min(most, 200));
        OrderedSender sender = new OrderedSender(this::anyGate, 4);
        Database database = new Database(site);
        int restarts = 0;
        while (restarts < most && System.nanoTime() < end) {
            int from = SLICE * restarts;
            List<Report> slice = history.reports().subList(from, from + SLICE);
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> sender.send(slice));
            // In the midst of the slice, at a place that is another one each time.
            database.awaitAtLeast(from + random.nextInt(1, SLICE / 2));
            restart(restarts % PROCESSES);
            restarts++;
            sending.join();
        }
        int sent = SLICE * restarts;
        database.awaitRecords(sent);
        for (int number = 0; number < PROCESSES; number++) {
            redelivered += services.get(number).events("redelivered");
        }
        System.out.printf(
                "seed %d: %d graceful restarts, %d events, %d redelivered, requests by status"
                        + " %s%n",
                seed, restarts, sent, redelivered, sender.statuses());
        assertThat(redelivered).as("copies that were committed and came again").isZero();
        assertThat(sender.accepted()).hasSize(sent);
        assertThat(database.books())
                .isEqualTo(new History(seed, history.reports().subList(0, sent)).books(0));
        assertThat(database.count("select count(*) from quarantine")).isZero();
        return restarts;
    }

    /** What it counted goes with it, so it is asked before. */
    private void restart(int number) {
        ServiceProcess old = services.get(number);
        redelivered += old.events("redelivered");
        assertThat(old.terminate()).isZero();
        assertThat(old.log()).doesNotContain("cut off").doesNotContain("still at work");
        services.set(number, ServiceProcess.ready(site, folder, SETTINGS));
    }

    /** As a balancer would, which does not know yet who is going away. */
    private URI anyGate() {
        ServiceProcess any = services.get(ThreadLocalRandom.current().nextInt(PROCESSES));
        if (!any.hasStarted()) {
            throw new IllegalStateException("no gate yet");
        }
        return any.gate();
    }

    /** As a balancer would which asks before it opens a connection, as soon as one is ready. */
    private URI readyGate() {
        int first = ThreadLocalRandom.current().nextInt(PROCESSES);
        return await().pollDelay(Duration.ZERO)
                .until(
                        () ->
                                IntStream.range(first, first + PROCESSES)
                                        .mapToObj(number -> services.get(number % PROCESSES))
                                        .filter(ServiceProcess::saysReady)
                                        .map(ServiceProcess::gate)
                                        .findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }
}
