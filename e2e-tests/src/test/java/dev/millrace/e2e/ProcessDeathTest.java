package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An event that kills every process that decides about it, among hundreds that do not: it is found
 * out after a bounded number of deaths, and nobody else pays for it.
 */
class ProcessDeathTest {

    private static final int WORKERS = 3;
    private static final int MOST_DEATHS = 4;
    private static final int OTHERS = 400;

    /** Processes have to start again and again. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir private Path folder;

    @Test
    void an_event_that_halts_its_process_is_set_aside_after_four_deaths() {
        dieAt(BrokenRules.HALT);
    }

    @Seeded
    void an_event_that_exhausts_the_memory_is_set_aside_after_four_deaths() {
        dieAt(BrokenRules.MEMORY);
    }

    private void dieAt(String description) {
        Site site = Site.on(Stacks.shared(), ProcessDeathTest.class);
        Database database = new Database(site);
        List<Report> all = mixed(description);
        List<Report> harmless =
                all.stream().filter(report -> !report.accountId().equals("hot")).toList();
        Map<String, String> gate = settings("gate,reads");
        try (ServiceProcess service = ServiceProcess.ready(site, folder, gate)) {
            new OrderedSender(service::gate, 4).send(all);
        }
        try (Workers workers = new Workers(site)) {
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> {
                        workers.replaceTheDead();
                        return database.count("select count(*) from quarantine") == 1
                                && database.count(
                                                "select count(*) from inbox_record where state ="
                                                        + " 'applied'")
                                        == harmless.size() + 1;
                    });
            System.out.printf("%s: %d deaths%n", description, workers.deaths);

            assertThat(workers.deaths).isGreaterThan(1);
            assertThat(
                            database.count(
                                    "select count(*) from quarantine where message_id = 'hot-1' and"
                                            + " reason = 'attempts-exhausted'"))
                    .isOne();
            assertThat(
                            database.count(
                                    "select count(*) from event_attempt where message_id = 'hot-1'"
                                            + " and exception = 'process-death'"))
                    .isPositive();
            assertThat(
                            database.count(
                                    "select count(*) from event_attempt where message_id <>"
                                            + " 'hot-1'"))
                    .as("nobody else was found guilty")
                    .isZero();
            assertThat(database.count("select count(*) from parked_event where key = 'hot'"))
                    .as("what comes after it waits")
                    .isOne();
            assertThat(database.books().get("hot")).hasSize(1);
            Map<String, ?> books = new HashMap<>(database.books());
            books.remove("hot");
            assertThat(books).isEqualTo(new History(0, harmless).books(0));
            workers.endInOrder();
            assertThat(database.count("select count(*) from lone_run")).isZero();
            assertThat(database.count("select count(distinct process) from run_under_way"))
                    .as("whoever ends in order leaves nothing behind")
                    .isEqualTo(workers.deaths);
        }
    }

    private static Map<String, String> settings(String roles) {
        Map<String, String> settings = new HashMap<>();
        settings.put("MILLRACE_ROLES", roles);
        settings.put("MILLRACE_PARTITIONS", "2");
        settings.put("MILLRACE_LANES", "1");
        settings.put("MILLRACE_RETRY_BACKOFF_FIRST", "100ms");
        settings.put("MILLRACE_RETRY_BACKOFF_CAP", "400ms");
        return settings;
    }

    private static List<Report> mixed(String description) {
        List<Report> reports = new ArrayList<>();
        for (int i = 0; i < OTHERS; i++) {
            if (i % (OTHERS / 3) == OTHERS / 6) {
                int number = i / (OTHERS / 3);
                reports.add(report("hot-" + number, "hot", number == 1 ? description : "harmless"));
            }
            reports.add(report("other-" + i, "acc-" + i % 50, "harmless"));
        }
        return reports;
    }

    private static Report report(String messageId, String account, String description) {
        return new Report(messageId, account, "credit", 5, "CZK", Instant.EPOCH, description);
    }

    /** Some workers, each replaced when it dies, as an orchestrator would. */
    private final class Workers implements AutoCloseable {
        private final Site site;
        private final Programs.Launch launch;
        private final List<ServiceProcess> running = new ArrayList<>();
        private int deaths;

        Workers(Site site) {
            this.site = site;
            AheadOfTime.prepare(site.endpoints());
            this.launch = BrokenRules.launch(folder);
            for (int i = 0; i < WORKERS; i++) {
                running.add(start());
            }
        }

        void replaceTheDead() {
            running.replaceAll(worker -> {
                if (worker.isAlive()) {
                    return worker;
                }
                deaths++;
                assertThat(deaths).as(worker.log()).isLessThanOrEqualTo(MOST_DEATHS);
                return start();
            });
        }

        private ServiceProcess start() {
            return ServiceProcess.start(site, folder, settings("worker"), launch);
        }

        /** The last one to start may not listen to signals yet, so each is waited for. */
        void endInOrder() {
            running.forEach(worker -> worker.awaitReadiness(true));
            running.forEach(worker -> assertThat(worker.terminate()).isZero());
        }

        @Override
        public void close() {
            running.forEach(ServiceProcess::close);
        }
    }
}
