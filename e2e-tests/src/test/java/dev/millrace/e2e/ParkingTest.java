package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An event at fault holds up its own key and no other, however often processes die meanwhile. The
 * fault is a constraint that somebody put on the books, and takes away again.
 */
class ParkingTest {

    private static final String HOT = "acc-hot";
    private static final int OTHERS = 1_000;
    private static final long FAULTY = 777;
    private static final String OTHER_ENTRIES =
            "select count(*) from entry where account_id <> 'acc-hot'";
    private static final String ATTEMPTS =
            "select count(*) from event_attempt where message_id = 'hot-10'";

    @TempDir private Path folder;

    @Test
    void a_key_whose_event_fails_waits_and_a_thousand_others_go_on_through_kills_and_moves()
            throws SQLException {
        Site site = Site.on(Stacks.shared(), ParkingTest.class);
        Database database = new Database(site);
        Map<String, String> settings = settings();
        List<Report> first = mixed(0);
        List<Report> second = mixed(1);
        List<Report> all = new ArrayList<>(first);
        all.addAll(second);
        long attempts;
        try (ServiceProcess service = ServiceProcess.ready(site, folder, settings)) {
            execute(site, "alter table entry add constraint fault check (amount_minor <> 777)");
            send(service, first);

            database.awaitCount(OTHER_ENTRIES, OTHERS);
            database.awaitCount("select count(*) from parked_event", 10);
            assertThat(database.books().get(HOT)).hasSize(10);
            assertThat(service.isReady()).isTrue();
            assertThat(Http.get(service.management().resolve("/health/live")).status())
                    .isEqualTo(200);
            assertThat(stateOf(service, "hot-10")).isEqualTo("parked");
            assertThat(stateOf(service, "hot-19")).isEqualTo("parked");
            awaitAttempts(database, 3);
            assertThat(service.metric("millrace_parked_events", "subscription=\"ledger\""))
                    .isEqualTo(10);
            assertThat(service.metric("millrace_failed_attempts_total", "fate=\"retry\""))
                    .isGreaterThanOrEqualTo(3);
            assertThat(service.log()).doesNotContain("\tat ");
            attempts = database.count(ATTEMPTS);
            service.kill();
        }
        try (ServiceProcess again = ServiceProcess.ready(site, folder, settings);
                ServiceProcess beside = ServiceProcess.ready(site, folder, settings)) {
            awaitAttempts(database, attempts + 3);
            assertThat(
                            database.count(
                                    "select max(number) - count(distinct number) from"
                                            + " event_attempt"))
                    .as("counted on, across death and company")
                    .isZero();
            send(beside, second);
            database.awaitCount(OTHER_ENTRIES, 2 * OTHERS);
            database.awaitCount("select count(*) from parked_event", 30);

            execute(site, "alter table entry drop constraint fault");

            database.awaitCount("select count(*) from parked_event", 0);
            database.awaitRecords(all.size());
            database.awaitCount(
                    "select count(*) from inbox_record where state = 'applied'", all.size());
            assertThat(database.books()).isEqualTo(new History(0, all).books(0));
            assertThat(stateOf(again, "hot-10")).isEqualTo("applied");
            assertThat(
                            database.count(
                                    "select count(*) from key_lock where parked > 0 or"
                                            + " awaits_person"))
                    .isZero();
            assertThat(database.count("select count(*) from quarantine")).isZero();
            assertThat(again.isReady()).isTrue();
        }
    }

    private static Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("MILLRACE_PARTITIONS", "2");
        settings.put("MILLRACE_RETRY_MAX_ATTEMPTS", "1000");
        settings.put("MILLRACE_RETRY_BACKOFF_FIRST", "100ms");
        settings.put("MILLRACE_RETRY_BACKOFF_CAP", "400ms");
        settings.put("MILLRACE_STATISTICS_INTERVAL", "500ms");
        return settings;
    }

    /** One event for each of many accounts, and between them twenty for a hot one. */
    private static List<Report> mixed(int round) {
        List<Report> reports = new ArrayList<>();
        for (int i = 0; i < OTHERS; i++) {
            if (i % (OTHERS / 20) == 0) {
                int number = 20 * round + i / (OTHERS / 20);
                reports.add(report("hot-" + number, HOT, number == 10 ? FAULTY : number + 1L));
            }
            reports.add(report("other-" + round + "-" + i, "acc-" + i, i % 500 + 1L));
        }
        return reports;
    }

    private static Report report(String messageId, String account, long amount) {
        return new Report(
                messageId, account, "credit", amount, "CZK", Instant.EPOCH, Planted.PAYLOAD);
    }

    private static void send(ServiceProcess service, List<Report> reports) {
        new OrderedSender(service::gate, 4).send(reports);
    }

    private static String stateOf(ServiceProcess service, String messageId) {
        JsonNode message =
                Http.get(service.gate().resolve("/v1/streams/ledger-entries/messages/" + messageId))
                        .json();
        return message.get("outcomes").get(0).get("state").asString();
    }

    private static void awaitAttempts(Database database, long wished) {
        database.awaitCount("select least(" + wished + ", (" + ATTEMPTS + "))", wished);
    }

    private static void execute(Site site, String sql) throws SQLException {
        try (Connection connection = site.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
