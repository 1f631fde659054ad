package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Old and new processes side by side: a worker lives on with the next version's migration in. */
class SideBySideTest {

    private static final String NEXT_VERSION =
            """
            alter table account add column nickname text;
            alter table entry add column channel text not null default 'unknown';
            alter table inbox_record add column attempts integer not null default 0;
            """;

    @TempDir private Path folder;

    @Test
    void a_worker_keeps_working_and_starts_again_on_the_next_versions_schema() throws IOException {
        History history = History.generate(9, 50, 2_000);
        Site site = Site.on(Stacks.shared(), SideBySideTest.class);
        Database database = new Database(site);
        List<Report> reports = history.reports();
        try (ServiceProcess running = ServiceProcess.ready(site, folder, Map.of())) {
            send(running, reports.subList(0, 600));
            migrate(site);
            send(running, reports.subList(600, 1_300));
            database.awaitRecords(1_300);
            assertThat(running.terminate()).isZero();
        }
        try (ServiceProcess again = ServiceProcess.ready(site, folder, Map.of())) {
            send(again, reports.subList(1_300, 2_000));
            database.awaitRecords(2_000);
        }
        assertThat(database.books()).isEqualTo(history.books(0));
    }

    private static void send(ServiceProcess service, List<Report> reports) {
        new OrderedSender(service::gate, 2).send(reports);
    }

    private void migrate(Site site) throws IOException {
        Path scripts = Files.createDirectory(folder.resolve("next"));
        Files.writeString(scripts.resolve("V9000__next_version.sql"), NEXT_VERSION);
        int applied =
                Flyway.configure()
                        .dataSource(
                                site.databaseUrl(),
                                site.endpoints().postgresUser(),
                                site.endpoints().postgresPassword())
                        .locations("filesystem:" + scripts)
                        .ignoreMigrationPatterns("*:missing")
                        .load()
                        .migrate()
                        .migrationsExecuted;
        assertThat(applied).isEqualTo(1);
    }
}
