package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Whether an audit tells what is lost, and nothing else. Rows are taken away, and put in, behind
 * the service's back, while it works.
 */
class AuditTest {

    private static final int EVENTS = 600;
    private static final int REPEATED = 50;
    private static final int LIVE = 300;
    private static final String APPLIED =
            "select count(*) from inbox_record where state = 'applied'";

    @TempDir private static Path folder;
    private static Site site;
    private static ServiceProcess service;

    @BeforeAll
    static void start() {
        site = Site.on(Stacks.shared(), AuditTest.class);
        service =
                ServiceProcess.ready(
                        site,
                        folder,
                        Map.of(
                                "MILLRACE_PARTITIONS", "2",
                                "MILLRACE_STATISTICS_INTERVAL", "500ms"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void topic_and_tables_balance_and_what_is_changed_behind_the_service_is_named_exactly()
            throws SQLException {
        Database database = new Database(site);
        OrderedSender sender = new OrderedSender(service::gate, 4);
        handleAll(service, database, sender);

        JsonNode balanced = report(service);
        System.out.println("audit: " + balanced);
        assertThat(balanced.get("balances").asBoolean()).isTrue();
        JsonNode copies = balanced.get("copies");
        assertThat(copies.get("applied").asLong()).isEqualTo(EVENTS);
        assertThat(copies.get("rejected").asLong()).isEqualTo(1);
        assertThat(copies.get("duplicate").asLong())
                .isEqualTo(database.count("select count(*) from inbox_duplicate"))
                .isGreaterThanOrEqualTo(REPEATED);
        assertThat(copies.get("quarantined").asLong()).isEqualTo(1);
        assertThat(copies.get("in-flight").asLong()).isZero();

        try (Traffic traffic = Traffic.start(History.endless(81, 4, 40), sender, Traffic.FEW)) {
            String lost = lose(site, "record");
            String uncounted = lose(site, "duplicate");
            String unfounded = invent(site);
            long before = database.count(APPLIED);
            await().until(() -> database.count(APPLIED) > before + LIVE);

            List<JsonNode> lines = AuditLines.of(service);

            assertThat(differences(lines)).containsExactlyInAnyOrder(lost, uncounted, unfounded);
            assertThat(lines.getLast().at("/report/differences").asLong()).isEqualTo(3);
            assertThat(lines.getLast().at("/report/copies/applied").asLong())
                    .as("all of them but the one that was put in")
                    .isGreaterThanOrEqualTo(before + LIVE);
            assertThat(service.metric("millrace_audit_differences", "ledger")).isEqualTo(3);
            assertThat(byCommand(service, "-o", "json").status()).isEqualTo(4);
            Programs.Finished table = byCommand(service);
            assertThat(table.status()).isEqualTo(4);
            assertThat(table.out()).contains("m-taken", "3 differences.");
            traffic.stop();
        }
        mend(site);
        assertThat(report(service).get("balances").asBoolean()).isTrue();
        Programs.Finished mended = byCommand(service);
        assertThat(mended.status()).as(mended.err()).isZero();
        assertThat(mended.out()).contains("Topic and tables agree.");
    }

    @Test
    void a_wrong_audit_is_refused_in_words() {
        assertThat(
                        Http.get(service.management().resolve(AuditLines.PATH + "&from=2&depth=1"))
                                .body())
                .contains("\"from\"", "\"depth\"");
        Http.Answer unknown =
                Http.get(service.management().resolve("ops/v1/audit?stream=a&subscription=b"));
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.body()).contains("ledger-entries/ledger");
        Http.Answer backwards =
                Http.get(
                        service.management()
                                .resolve(
                                        AuditLines.PATH
                                                + "&from=2026-01-02T00:00:00Z"
                                                + "&to=2026-01-01T00:00:00Z"));
        assertThat(backwards.status()).isEqualTo(400);
        assertThat(backwards.body()).contains("must be later than from");
    }

    /** Credits, some of them twice, a conflict and a refused debit; until all is acknowledged. */
    private static void handleAll(ServiceProcess service, Database database, OrderedSender sender) {
        List<Report> reports = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            reports.add(report(i == 7 ? "m-taken" : "m-" + i, "acc-" + i % 50, "credit", 1 + i));
        }
        sender.send(reports);
        sender.send(reports.subList(100, 100 + REPEATED));
        assertThat(Prober.post(service.gate(), report("m-0", "acc-0", "credit", 9_999)).status())
                .isEqualTo(202);
        assertThat(
                        Prober.post(service.gate(), report("m-debit", "acc-1", "debit", 1 << 30))
                                .status())
                .isEqualTo(202);
        database.awaitRecords(EVENTS + 1);
        database.awaitCount("select count(*) from quarantine", 1);
        await().atMost(Duration.ofSeconds(30))
                .until(() ->
                        database.count("select count(*) from inbox_duplicate") >= REPEATED
                                && service.metric("millrace_subscription_backlog_entries", "ledger")
                                        == 0);
    }

    private static Report report(String messageId, String account, String type, long amount) {
        return new Report(messageId, account, type, amount, "CZK", Instant.EPOCH, Planted.PAYLOAD);
    }

    /** Moves a row to a table of its own; answers the difference that is to be found. */
    private static String lose(Site site, String what) throws SQLException {
        String chosen =
                what.equals("record")
                        ? "inbox_record where message_id = 'm-taken'"
                        : "inbox_duplicate where message_id = 'm-120'";
        return "lost "
                + change(
                        site,
                        "create table lost_%s as select * from %s".formatted(what, chosen),
                        "delete from " + chosen,
                        "lost_" + what);
    }

    /** A record of an hour ago about a place behind all others; answers as above. */
    private static String invent(Site site) throws SQLException {
        return "unfounded "
                + change(
                        site,
                        "create table invented as select * from inbox_record where message_id ="
                                + " 'm-8'",
                        "insert into inbox_record select subscription_id, 'm-invented', key, state,"
                                + " reason, digest, position_ledger, 999999, position_partition,"
                                + " position_index, copies, published_at, now() - interval '1 hour'"
                                + " from invented",
                        "(select * from inbox_record where message_id = 'm-invented') i");
    }

    private static String change(Site site, String keep, String change, String shown)
            throws SQLException {
        try (Connection connection = site.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(keep);
            statement.execute(change);
            try (ResultSet row =
                    statement.executeQuery(
                            "select position_ledger || ':' || position_entry || ':' ||"
                                    + " position_partition || ':' || position_index || ' ' ||"
                                    + " message_id from "
                                    + shown)) {
                row.next();
                return row.getString(1);
            }
        }
    }

    private static void mend(Site site) throws SQLException {
        try (Connection connection = site.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("insert into inbox_record select * from lost_record");
            statement.execute("insert into inbox_duplicate select * from lost_duplicate");
            statement.execute("delete from inbox_record where message_id = 'm-invented'");
        }
    }

    private static JsonNode report(ServiceProcess service) {
        return AuditLines.of(service).getLast().get("report");
    }

    private static List<String> differences(List<JsonNode> lines) {
        return lines.stream()
                .map(line -> line.path("difference"))
                .filter(difference -> !difference.isMissingNode())
                .map(difference ->
                        difference.get("kind").asString()
                                + " "
                                + difference.get("position").asString()
                                + " "
                                + difference.get("messageId").asString())
                .toList();
    }

    private Programs.Finished byCommand(ServiceProcess service, String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "audit",
                                "--stream",
                                "ledger-entries",
                                "--subscription",
                                "ledger",
                                "--url",
                                service.management().toString()));
        arguments.addAll(List.of(more));
        return Programs.run(Programs.service(Map.of(), arguments.toArray(String[]::new)), folder);
    }
}
