package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * At full traffic the database is gone for a while, and then the broker: killed, and started again
 * on what it had. Nothing is held against any event, and each one takes effect once.
 */
@Order(2) // It takes long: last, it would run alone.
@ResourceLock(StackToBreak.LOCK)
class OutageTest {

    private static final long SEED = 19_930_103;
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String RECORDS = "select count(*) from inbox_record";

    /** A thousand a second, where the machine has it; as many as it takes, where it has not. */
    private static final int SLICE = 300;

    @TempDir private Path folder;

    @Test
    void seconds_without_database_and_without_broker_cost_no_event_and_no_attempt()
            throws Exception {
        suffer(Duration.ofSeconds(5));
    }

    /** {@code -Dmillrace.outage=PT10M} for ten minutes of each. */
    @Seeded
    void a_minute_without_database_and_without_broker_costs_no_event_and_no_attempt()
            throws Exception {
        suffer(Duration.parse(System.getProperty("millrace.outage", "PT1M")));
    }

    private void suffer(Duration outage) throws Exception {
        Stack stack = StackToBreak.get();
        Site site = Site.on(stack.endpoints(), OutageTest.class);
        Database database = new Database(site);
        Map<String, String> settings = ShortWaits.ofWorker();
        settings.put("MILLRACE_BATCH_MAX_EVENTS", "500");
        try (ServiceProcess service = ServiceProcess.ready(site, folder, settings)) {
            OrderedSender sender = new OrderedSender(service::gate, 4, outage.plus(PATIENCE));
            long began = System.nanoTime();
            List<Report> sent;
            try (Traffic traffic = Traffic.start(History.endless(SEED, 4, 400), sender, SLICE)) {
                database.awaitAtLeast(1_000);
                withoutDatabase(stack, service, sender, outage);
                awaitProgress(database);
                withoutBroker(stack, service, outage);
                awaitProgress(database);
                sent = traffic.stop();
            }
            long seconds = Duration.ofNanos(System.nanoTime() - began).toSeconds();
            System.out.printf(
                    "%d events in %d s with outages of %s, requests by status %s%n",
                    sent.size(), seconds, outage, sender.statuses());
            await().atMost(PATIENCE.plus(outage.multipliedBy(2)))
                    .until(() -> database.count(RECORDS) == sent.size());
            assertThat(sender.accepted()).hasSize(sent.size());
            assertThat(sender.missingRetryAfter()).isEmpty();
            everyEventOnce(site, database, sent);
        }
    }

    private static void withoutDatabase(
            Stack stack, ServiceProcess service, OrderedSender sender, Duration outage) {
        double probesBefore = probes(service);
        stack.killPostgres();
        long began = System.nanoTime();
        service.awaitReadiness(false);
        await().until(() -> lanesThatRun(service) == 0);
        int accepted = sender.accepted().size();
        last(began, outage);

        assertThat(lanesThatRun(service)).as("lanes that receive").isZero();
        assertThat(sender.accepted().size()).as("the gate goes on").isGreaterThan(accepted);
        assertThat(sender.statuses()).containsOnlyKeys(202);
        assertThat(service.readiness()).contains("\"worker.lanes\",\"met\":false");
        isLive(service);
        double probes = probes(service) - probesBefore;
        assertThat(probes)
                .as("one lane at a time probes, with growing delays")
                .isBetween(1.0, 8 + outage.toSeconds() / 2.0);
        System.out.printf("without the database for %s: %.0f probes%n", outage, probes);
        stack.startPostgres();
        awaitReturn("the database", service);
    }

    private static void withoutBroker(Stack stack, ServiceProcess service, Duration outage) {
        stack.killBroker();
        long began = System.nanoTime();
        service.awaitReadiness(false);
        last(began, outage);

        assertThat(service.readiness()).contains("is not connected");
        isLive(service);
        stack.startBroker();
        awaitReturn("the broker", service);
    }

    /** The outage is over by itself when the other side is back. */
    private static void awaitReturn(String what, ServiceProcess service) {
        long back = System.nanoTime();
        service.awaitReadiness(true);
        await().until(() -> lanesThatRun(service) == ShortWaits.LANES);
        System.out.printf(
                "%s is back: all lanes run after %d ms%n",
                what, (System.nanoTime() - back) / 1_000_000);
    }

    private static void last(long began, Duration outage) {
        LockSupport.parkNanos(outage.toNanos() - (System.nanoTime() - began));
    }

    private static void awaitProgress(Database database) {
        long before = database.count(RECORDS);
        await().until(() -> database.count(RECORDS) > before + 1_000);
    }

    private static double lanesThatRun(ServiceProcess service) {
        return service.metric("millrace_lane_state", "state=\"running\"");
    }

    private static double probes(ServiceProcess service) {
        return service.metric("millrace_outage_probes_total", "subscription=\"ledger\"");
    }

    private static void isLive(ServiceProcess service) {
        assertThat(Http.get(service.management().resolve("/health/live")).status()).isEqualTo(200);
    }

    private static void everyEventOnce(Site site, Database database, List<Report> sent)
            throws Exception {
        for (String table : List.of("event_attempt", "parked_event", "quarantine", "outbox")) {
            assertThat(database.count("select count(*) from " + table)).as(table).isZero();
        }
        assertThat(Letters.of(site)).as("dead letters").isEmpty();
        assertThat(
                        database.count(
                                "select count(*) from inbox_record where state not in"
                                        + " ('applied', 'rejected')"))
                .as("events without an outcome")
                .isZero();
        assertThat(database.count("select count(*) - count(distinct message_id) from entry"))
                .as("events with two effects")
                .isZero();
        assertThat(database.books()).isEqualTo(new History(SEED, sent).books(0));
    }
}
