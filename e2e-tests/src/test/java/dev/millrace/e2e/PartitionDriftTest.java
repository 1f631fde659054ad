package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Somebody adds partitions to the topic while traffic flows, and tells none of the processes. */
class PartitionDriftTest {

    private static final int DECLARED = 2;
    private static final int ADDED_TO = 5;
    private static final int MENDED_TO = 6;

    @TempDir private Path folder;

    private final Site site = Site.on(Stacks.shared(), PartitionDriftTest.class);
    private final Database database = new Database(site);

    @Test
    void running_gates_keep_their_partitions_and_a_new_one_waits_until_its_number_is_right() {
        History history = History.generate(51, 60, 4_000);
        try (ServiceProcess running = ServiceProcess.ready(site, folder, settings(DECLARED))) {
            OrderedSender sender = new OrderedSender(running::gate, 4);
            CompletableFuture<Void> sending =
                    CompletableFuture.runAsync(() -> sender.send(history.reports()));
            await().until(() -> database.count("select count(*) from inbox_record") > 100);
            changePartitions(ADDED_TO);

            awaitDetail(running, "has 5 partitions and 2 are declared");
            assertThat(running.isReady()).isTrue();
            assertThat(Http.get(running.management().resolve("/metrics")).body())
                    .containsPattern("topic_partitions\\{[^}]*kind=\"declared\"[^}]*} 2")
                    .containsPattern("topic_partitions\\{[^}]*kind=\"actual\"[^}]*} 5");
            assertANewOneWaits();

            sending.join();
            database.awaitRecords(history.reports().size());
            assertThat(sender.statuses()).containsOnlyKeys(202);
            assertThat(database.books()).isEqualTo(history.books(0));
            assertThat(database.count("select count(*) from quarantine")).isZero();
            assertThat(used("position_partition < " + DECLARED)).isEqualTo(DECLARED);
            assertThat(used("position_partition >= " + DECLARED)).isZero();
            assertThat(running.terminate()).isZero();
            System.out.printf(
                    "%d events on %d of %d partitions, requests by status %s%n",
                    history.reports().size(), DECLARED, MENDED_TO, sender.statuses());
        }
        assertTheDocumentedChangeKeepsTheBooks(history);
    }

    /** New topic, drain, switch; then every caller retries everything. */
    private void assertTheDocumentedChangeKeepsTheBooks(History history) {
        String next = site.namespace() + "-next";
        run(
                documentedStatements()
                        .replace("'OLD'", quoted(site.namespace()))
                        .replace("'NEW'", quoted(next)));
        Map<String, String> settings = settings(MENDED_TO);
        settings.put("MILLRACE_NAMESPACE", next);
        try (ServiceProcess switched = ServiceProcess.ready(site, folder, settings)) {
            new OrderedSender(switched::gate, 4).send(history.reports());
            database.awaitCount(
                    "select sum(copies) from inbox_record", 3L * history.reports().size());
            assertThat(database.books()).isEqualTo(history.books(0));
        }
    }

    private static String documentedStatements() {
        String page;
        try {
            page = Files.readString(Programs.checkout().resolve("docs/operations.md"));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        int start = page.indexOf("```sql") + "```sql".length();
        return page.substring(start, page.indexOf("```", start));
    }

    private void run(String statements) {
        try (Connection connection = site.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(statements);
        } catch (SQLException failure) {
            throw new IllegalStateException(statements, failure);
        }
    }

    private static String quoted(String text) {
        return "'" + text + "'";
    }

    private void assertANewOneWaits() {
        try (ServiceProcess starting = ServiceProcess.start(site, folder, settings(MENDED_TO))) {
            await().atMost(Duration.ofSeconds(60)).until(starting::hasStarted);
            awaitDetail(starting, "it has 5 partitions and 6 are configured");
            assertThat(starting.isReady()).isFalse();
            assertThat(Prober.post(starting.gate(), Prober.report("too-early")).status())
                    .isEqualTo(503);

            changePartitions(MENDED_TO);
            starting.awaitReadiness(true);
        }
    }

    private static void awaitDetail(ServiceProcess service, String detail) {
        await().alias(detail)
                .atMost(Duration.ofSeconds(30))
                .until(() ->
                        Http.get(service.management().resolve("/health/ready"))
                                .body()
                                .contains(detail));
    }

    private void changePartitions(int to) {
        String path = "/admin/v2/persistent/millrace/" + site.namespace() + "/ledger-entries";
        Http.Answer answer =
                Http.post(
                        URI.create(site.endpoints().pulsarAdminUrl() + path + "/partitions"),
                        "application/json",
                        Integer.toString(to));
        assertThat(answer.status()).as(answer.body()).isEqualTo(204);
    }

    private long used(String partitions) {
        return database.count(
                "select count(distinct position_partition) from inbox_record where " + partitions);
    }

    private static Map<String, String> settings(int partitions) {
        Map<String, String> settings = new HashMap<>();
        settings.put("MILLRACE_PARTITIONS", Integer.toString(partitions));
        settings.put("MILLRACE_LANES", "2");
        settings.put("MILLRACE_STATISTICS_INTERVAL", "1s");
        settings.put("MILLRACE_OUTAGE_BACKOFF_CAP", "1s");
        return settings;
    }
}
