package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * SIGKILL of the broker in mid-stream, started again on its data. The database's turn is in {@link
 * OutageTest}; a broker that only stands still is in {@link StalledBrokerTest}.
 */
@ResourceLock(StackToBreak.LOCK)
class ServerKillTest {

    private static final Map<String, String> SETTINGS =
            Map.of(
                    "MILLRACE_PARTITIONS", "3",
                    "MILLRACE_LANES", "2",
                    "MILLRACE_PUBLISH_TIMEOUT", "2s",
                    "MILLRACE_RETRY_MAX_ATTEMPTS", "1000",
                    "MILLRACE_RETRY_BACKOFF_FIRST", "100ms",
                    "MILLRACE_RETRY_BACKOFF_CAP", "400ms");

    private static final int PROBERS = 6;

    /** Of the event that the books refuse, until they are mended. */
    private static final String ATTEMPTS =
            "select count(*) from event_attempt where message_id = 'faulty'";

    @TempDir private Path folder;

    @Test
    void a_killed_broker_is_answered_honestly_and_costs_no_event_and_no_count_of_attempts()
            throws SQLException {
        History history = History.generate(42, 80, 6_000);
        Stack stack = StackToBreak.get();
        Site site = Site.on(stack.endpoints(), ServerKillTest.class);
        Database database = new Database(site);
        try (ServiceProcess service = ServiceProcess.ready(site, folder, SETTINGS)) {
            execute(site, "alter table entry add constraint fault check (account_id <> 'faulty')");
            assertThat(Prober.post(service.gate(), Prober.report("faulty")).status())
                    .isEqualTo(202);
            database.awaitCount(ATTEMPTS, 0, 3);
            OrderedSender sender = new OrderedSender(service::gate, 4);
            Prober prober = new Prober(service::gate, "probe");
            prober.start(PROBERS);
            CompletableFuture<Void> sending =
                    CompletableFuture.runAsync(() -> sender.send(history.reports()));
            await().until(() -> database.count("select count(*) from inbox_record") > 100);

            // It dies with events in hand, and so owes an answer about them.
            stack.suspendBroker();
            await().during(Duration.ofMillis(200)).until(() -> prober.underWay() == PROBERS);
            stack.killBroker();
            service.awaitReadiness(false);
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(prober.counts()).containsKeys(503, 504));
            long attempts = database.count(ATTEMPTS);
            stack.startBroker();
            service.awaitReadiness(true);

            database.awaitCount(ATTEMPTS, attempts, 3);
            assertThat(database.count("select max(number) - count(*) from event_attempt"))
                    .as("counted on, whatever the broker forgot")
                    .isZero();
            execute(site, "alter table entry drop constraint fault");
            database.awaitCount("select count(*) from entry where account_id = 'faulty'", 1);
            sending.join();
            prober.stop();
            System.out.printf(
                    "requests by status %s, single events by status %s%n",
                    sender.statuses(), prober.counts());
            assertThat(sender.missingRetryAfter()).isEmpty();
            assertThat(prober.missingRetryAfter()).isEmpty();
            database.awaitCount(
                    "select count(*) from inbox_record where message_id like 'm-42-%'",
                    history.reports().size());
            database.awaitRecords(prober.withStatus(202));
            assertThat(database.records(prober.withStatus(503)))
                    .as("a 503 is surely not stored")
                    .isZero();
            assertThat(database.count("select count(*) - count(distinct message_id) from entry"))
                    .as("a 504 is found once or not at all")
                    .isZero();
            assertThat(database.books("acc-")).isEqualTo(history.books(0));
            assertThat(database.count("select count(*) from quarantine")).isZero();
        }
    }

    private static void execute(Site site, String sql) throws SQLException {
        try (Connection connection = site.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
