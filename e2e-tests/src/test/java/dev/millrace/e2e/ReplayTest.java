package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Whether a replay finds what the database has lost, and puts back that and nothing else: after a
 * failover that took the last commits, while the service is killed in the midst of it, and beside
 * live traffic.
 */
@Order(2) // It takes long: last, it would run alone.
class ReplayTest {

    private static final long SEED = 4711;
    private static final int EVENTS = 1_500;
    private static final int LOST = 500;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir private Path folder;

    @Test
    void what_a_failover_took_is_put_back_once_and_what_has_no_place_any_more_is_told()
            throws SQLException {
        Site site = Site.on(Stacks.shared(), ReplayTest.class);
        Database database = new Database(site);
        Failover failover = new Failover(site);
        Map<String, String> settings =
                Map.of(
                        "MILLRACE_PARTITIONS", "2",
                        "MILLRACE_STATISTICS_INTERVAL", "500ms",
                        "MILLRACE_TRACING_SAMPLING", "1");
        Set<String> before;
        long begun;
        Set<String> lost;
        try (ServiceProcess service = ServiceProcess.ready(site, folder, settings)) {
            handleAll(service, database);
            before = failover.books();

            lost = failover.lose(LOST);
            begun = begin(service, "fill-gaps", ",\"rate\":200,\"why\":\"a failover\"");
            await().atMost(PATIENCE).until(() -> filled(show(service, begun)) > 0);
            service.kill();
        }
        long atDeath = database.count("select sum(findings) from replay_count");
        try (ServiceProcess service = ServiceProcess.ready(site, folder, settings)) {
            JsonNode done = awaitEnd(service, begun);
            System.out.printf(
                    "killed in the midst of a replay: seed %d, %d filled at its death, %s%n",
                    SEED, atDeath, done);
            assertThat(atDeath).isBetween(1L, LOST - 1L);
            assertThat(findings(service, begun, "filled")).isEqualTo(lost);
            assertThat(filled(done)).isEqualTo(LOST);
            assertThat(done.get("differences").asLong()).isZero();
            assertThat(failover.books()).isEqualTo(before);
            requireTraced(service, begun);

            besideLiveTraffic(service, database, failover, before);
            executeAnew(site, database, before);
            withoutPlace(service, database, failover);
        }
    }

    /** What was put back last has it in the trace that it came with, below its publication. */
    private static void requireTraced(ServiceProcess service, long replay) {
        JsonNode last =
                KeptTraces.spans(service, "limit=100").stream()
                        .filter(span -> KeptTraces.attribute(span, "millrace.way").equals("replay"))
                        .filter(span -> span.get("name").asString().startsWith("transaction"))
                        .findFirst()
                        .orElseThrow();
        JsonNode publication = last.at("/links/0");
        assertThat(KeptTraces.spans(service, "traceId=" + publication.get("traceId").asString()))
                .filteredOn(span -> span.get("parentId").equals(publication.get("spanId")))
                .singleElement()
                .satisfies(span -> {
                    assertThat(span.get("name").asString()).isEqualTo("process ledger-entries");
                    assertThat(KeptTraces.attribute(span, "millrace.replay.id"))
                            .isEqualTo(Long.toString(replay));
                    assertThat(span.at("/links/0/spanId")).isEqualTo(last.get("spanId"));
                });
    }

    private static void handleAll(ServiceProcess service, Database database) {
        new OrderedSender(service::gate, 4).send(History.generate(SEED, 60, EVENTS).reports());
        database.awaitRecords(EVENTS);
        awaitEmptyBacklog(service);
    }

    private static void awaitEmptyBacklog(ServiceProcess service) {
        await().atMost(PATIENCE)
                .until(() ->
                        service.metric("millrace_subscription_backlog_entries", "ledger") == 0);
    }

    private void besideLiveTraffic(
            ServiceProcess service, Database database, Failover failover, Set<String> before)
            throws SQLException {
        OrderedSender sender = new OrderedSender(service::gate, 4);
        Instant start = Instant.now();
        try (Traffic traffic = Traffic.start(live(), sender, Traffic.FEW)) {
            await().atMost(PATIENCE).until(() -> traffic.sent().size() > 300);
            Instant quiet = Instant.now();
            Set<String> lost = failover.lose(LOST);
            JsonNode verified = awaitEnd(service, begin(service, "verify", ""));
            assertThat(findings(service, verified.get("id").asLong(), "gap")).isEqualTo(lost);
            assertThat(verified.get("differences").asLong()).isEqualTo(LOST);
            assertThat(failover.books()).as("after verify").hasSizeLessThan(before.size());

            JsonNode filled = awaitEnd(service, begin(service, "fill-gaps", ""));
            assertThat(findings(service, filled.get("id").asLong(), "filled")).isEqualTo(lost);
            assertThat(filled.get("differences").asLong()).isZero();
            assertThat(failover.books()).isEqualTo(before);
            Instant end = Instant.now();
            List<Report> sent = traffic.stop();
            database.awaitRecords(EVENTS + sent.size());
            assertThat(database.count("select count(*) from entry where account_id like 'live-%'"))
                    .isEqualTo(sent.size());
            long calm = lag(database, start, quiet);
            long replayed = lag(database, quiet, end);
            System.out.printf(
                    "live traffic: %d events, p99 from publication to commit %d ms before and %d ms"
                            + " during verify and fill-gaps; %s; %s%n",
                    sent.size(), calm, replayed, verified, filled);
            assertThat(sender.statuses()).containsOnlyKeys(202);
            assertThat(replayed).as("p99 in ms").isLessThan(2 * calm + 500);
        }
    }

    /** Credits on accounts of their own. */
    private static Stream<Report> live() {
        return History.endless(SEED, 4, 40)
                .map(report ->
                        new Report(
                                "live-" + report.messageId(),
                                "live-" + report.accountId(),
                                "credit",
                                report.amountMinor(),
                                "CZK",
                                report.occurredAt(),
                                Planted.PAYLOAD));
    }

    private static long lag(Database database, Instant from, Instant to) {
        return database.count(
                """
                select coalesce(round(percentile_cont(0.99) within group (
                    order by extract(epoch from recorded_at - published_at) * 1000)), 0)
                from inbox_record where key like 'live-%%' and published_at between '%s' and '%s'
                """
                        .formatted(from, to));
    }

    /** A new subscription from the earliest position, with a state of its own. */
    private void executeAnew(Site site, Database database, Set<String> before) throws SQLException {
        Site other = Site.on(site.endpoints(), ReplayTest.class);
        Map<String, String> settings =
                Map.of(
                        "MILLRACE_PARTITIONS", "2",
                        "MILLRACE_ROLES", "worker",
                        "MILLRACE_NAMESPACE", site.namespace(),
                        "MILLRACE_SUBSCRIPTION_NAME", "anew");
        try (ServiceProcess _ = ServiceProcess.ready(other, folder, settings)) {
            long records = database.count("select count(*) from inbox_record");
            new Database(other).awaitRecords(records);
            assertThat(new Failover(other).books()).isEqualTo(before);
            System.out.printf("executed anew: %d events, books the same%n", records);
        }
    }

    private void withoutPlace(ServiceProcess service, Database database, Failover failover)
            throws SQLException {
        awaitEmptyBacklog(service);
        long money = money(database);
        String effectless = failover.loseEntry("acc-1");
        String overtaken = failover.loseOne("acc-0");
        Set<String> damaged = failover.books();
        for (String mode : List.of("verify", "fill-gaps")) {
            JsonNode done = awaitEnd(service, begin(service, mode, ""));
            long id = done.get("id").asLong();
            assertThat(done.get("differences").asLong()).as(done.toString()).isEqualTo(2);
            assertThat(findings(service, id, "without-effect")).containsExactly(effectless);
            assertThat(findings(service, id, "overtaken")).containsExactly(overtaken);
            assertThat(failover.books()).as(mode).isEqualTo(damaged);
        }
        Programs.Finished command = byCommand(service, "--mode", "verify");
        assertThat(command.status()).as(command.err()).isEqualTo(4);
        assertThat(command.out()).contains("1 without-effect", "1 overtaken", "2 differences.");
        failover.giveEntryBack();

        command =
                byCommand(
                        service,
                        "--mode",
                        "fill-gaps",
                        "--out-of-order",
                        "--from",
                        overtaken.substring(0, overtaken.indexOf(' ')),
                        "--why",
                        "agreed");
        assertThat(command.status()).as(command.err() + command.out()).isZero();
        assertThat(command.out()).contains("1 filled", "0 differences.");
        assertThat(
                        database.count(
                                "select count(*) from audit_log where act = 'replay' and why ="
                                        + " 'agreed' and details ->> 'outOfOrder' = 'true'"))
                .isEqualTo(1);
        assertThat(money(database)).isEqualTo(money);
        assertThat(audit(service).at("/report/balances").asBoolean()).isTrue();
    }

    /** The sum of all balances: entries and versions have grown by what came late. */
    private static long money(Database database) {
        return database.count(
                "select sum(balance_minor) from account where account_id like 'acc-%'");
    }

    private static long begin(ServiceProcess service, String mode, String more) {
        Http.Answer answer =
                Http.post(
                        service.management().resolve("ops/v1/replays"),
                        "application/json",
                        """
                        {"by":"anna","stream":"ledger-entries","subscription":"ledger","mode":"%s"%s}\
                        """
                                .formatted(mode, more));
        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        return answer.json().get("id").asLong();
    }

    private static JsonNode show(ServiceProcess service, long id) {
        return Http.get(service.management().resolve("ops/v1/replays/" + id)).json();
    }

    private static JsonNode awaitEnd(ServiceProcess service, long id) {
        await().atMost(PATIENCE)
                .until(() -> show(service, id).get("state").asString().equals("done"));
        return show(service, id);
    }

    private static long filled(JsonNode replay) {
        return replay.at("/findings/filled").asLong();
    }

    /** What a replay has found of one kind, each as position and message ID. */
    private static Set<String> findings(ServiceProcess service, long id, String kind) {
        Set<String> found = new TreeSet<>();
        Http.get(service.management().resolve("ops/v1/replays/" + id + "/findings?limit=1000"))
                .json()
                .get("findings")
                .valueStream()
                .filter(finding -> finding.get("kind").asString().equals(kind))
                .forEach(finding ->
                        found.add(
                                finding.get("position").asString()
                                        + " "
                                        + finding.get("messageId").asString()));
        return found;
    }

    private static JsonNode audit(ServiceProcess service) {
        Http.Answer answer =
                Http.get(
                        service.management()
                                .resolve("ops/v1/audit?stream=ledger-entries&subscription=ledger"));
        String last = answer.body().lines().toList().getLast();
        return JsonMapper.shared().readTree(last);
    }

    private Programs.Finished byCommand(ServiceProcess service, String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "replay",
                                "--stream",
                                "ledger-entries",
                                "--subscription",
                                "ledger",
                                "--as",
                                "anna",
                                "--url",
                                service.management().toString()));
        arguments.addAll(List.of(more));
        return Programs.run(Programs.service(Map.of(), arguments.toArray(String[]::new)), folder);
    }
}
