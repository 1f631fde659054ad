package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.stack.SharedStack;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Map;

/** An event's own fault halts its lane: nothing is skipped, and everybody can see it. */
class HaltTest {

    private static final Map<String, String> SETTINGS =
            Map.of("MILLRACE_PARTITIONS", "1", "MILLRACE_LANES", "1");

    @TempDir private Path folder;

    @Test
    void an_event_that_the_database_refuses_halts_its_lane_and_is_applied_once_mended()
            throws SQLException {
        Site site = Site.on(SharedStack.endpoints(), HaltTest.class);
        Database database = new Database(site);
        try (ServiceProcess service = ServiceProcess.ready(site, folder, SETTINGS)) {
            execute(site, "alter table entry add constraint fault check (amount_minor <> 777)");
            post(service, "before", 1);
            post(service, "culprit", 777);
            post(service, "after", 2);

            service.awaitReadiness(false);
            assertThat(service.log()).contains("culprit").doesNotContain("\tat ");
            assertThat(Http.get(service.management().resolve("/health/live")).status())
                    .isEqualTo(200);
            assertThat(Http.get(service.management().resolve("/metrics")).body().lines())
                    .anyMatch(line ->
                            line.startsWith("millrace_lane_state")
                                    && line.contains("state=\"halted\"")
                                    && line.endsWith(" 1.0"));
            assertThat(
                            database.count(
                                    "select count(*) from inbox_record where message_id in"
                                            + " ('culprit', 'after')"))
                    .isZero();
            assertThat(database.count("select count(*) from quarantine")).isZero();
        }
        execute(site, "alter table entry drop constraint fault");
        try (ServiceProcess again = ServiceProcess.ready(site, folder, SETTINGS)) {
            database.awaitRecords(3);
            assertThat(database.books().get("acc-halt"))
                    .containsExactly(
                            new History.Line(1, "before", 1),
                            new History.Line(2, "culprit", 778),
                            new History.Line(3, "after", 780));
            assertThat(again.isReady()).isTrue();
        }
    }

    private static void post(ServiceProcess service, String messageId, long amount) {
        Report report =
                new Report(messageId, "acc-halt", "credit", amount, "CZK", Instant.EPOCH, "halt");
        assertThat(Prober.post(service.gate(), report).status()).isEqualTo(202);
    }

    private static void execute(Site site, String sql) throws SQLException {
        try (Connection connection = site.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
