package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.stack.EmbeddedStack;
import dev.millrace.stack.StackOptions;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** SIGKILL of the database and of the broker in mid-stream, each started again on its data. */
class ServerKillTest {

    private static final Map<String, String> SETTINGS =
            Map.of("MILLRACE_PARTITIONS", "3", "MILLRACE_LANES", "2");

    @TempDir private static Path folder;
    private static EmbeddedStack stack;

    @BeforeAll
    static void start_a_stack_to_kill() {
        stack = EmbeddedStack.start(folder.resolve("stack"), StackOptions.defaults());
    }

    @AfterAll
    static void stop_it() {
        stack.close();
    }

    @Test
    void a_killed_database_pauses_the_lanes_and_nothing_else() {
        History history = History.generate(41, 80, 6_000);
        Site site = Site.on(stack.endpoints(), ServerKillTest.class);
        Database database = new Database(site);
        try (ServiceProcess service = ServiceProcess.ready(site, folder, SETTINGS)) {
            OrderedSender sender = new OrderedSender(service::gate, 4);
            CompletableFuture<Void> sending =
                    CompletableFuture.runAsync(() -> sender.send(history.reports()));
            await().until(() -> database.count("select count(*) from inbox_record") > 100);

            stack.killPostgres();
            service.awaitReadiness(false);
            Report meanwhile = new Prober(service::gate, "meanwhile").report();
            assertThat(Prober.post(service.gate(), meanwhile).status())
                    .as("the gate needs only the broker")
                    .isEqualTo(202);
            stack.startPostgres();
            service.awaitReadiness(true);

            sending.join();
            database.awaitRecords(history.reports().size() + 1L);
            assertThat(sender.statuses()).containsOnlyKeys(202);
            assertThat(withoutProbes(database)).isEqualTo(history.books(0));
            assertThat(database.count("select count(*) from quarantine")).isZero();
        }
    }

    @Test
    void a_killed_broker_is_answered_honestly_and_costs_no_event() {
        History history = History.generate(42, 80, 6_000);
        Site site = Site.on(stack.endpoints(), ServerKillTest.class);
        Database database = new Database(site);
        try (ServiceProcess service = ServiceProcess.ready(site, folder, SETTINGS)) {
            OrderedSender sender = new OrderedSender(service::gate, 4);
            Prober prober = new Prober(service::gate, "probe");
            prober.start(6);
            CompletableFuture<Void> sending =
                    CompletableFuture.runAsync(() -> sender.send(history.reports()));
            await().until(() -> database.count("select count(*) from inbox_record") > 100);

            stack.killBroker();
            service.awaitReadiness(false);
            await().atMost(Duration.ofSeconds(30)).until(() -> prober.saw(503) && prober.saw(504));
            stack.startBroker();
            service.awaitReadiness(true);

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
            database.awaitCount(
                    "select count(*) from inbox_record where " + in(prober, 202),
                    prober.withStatus(202).size());
            assertThat(database.count("select count(*) from inbox_record where " + in(prober, 503)))
                    .as("a 503 is surely not stored")
                    .isZero();
            assertThat(database.count("select count(*) - count(distinct message_id) from entry"))
                    .as("a 504 is found once or not at all")
                    .isZero();
            assertThat(withoutProbes(database)).isEqualTo(history.books(0));
            assertThat(database.count("select count(*) from quarantine")).isZero();
        }
    }

    private static Map<String, List<History.Line>> withoutProbes(Database database) {
        Map<String, List<History.Line>> books = database.books();
        books.keySet().removeIf(account -> !account.startsWith("acc-"));
        return books;
    }

    private static String in(Prober prober, int status) {
        return "message_id in ('" + String.join("','", prober.withStatus(status)) + "')";
    }
}
