package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A real Prometheus on a running service: what the dashboards and the rules ask for is there, and
 * every alert fires in a situation made for real, and clears after it. At first there is no service
 * at all; then the situations come one after the other, under traffic that never ends; in the end
 * nothing fires, and nothing has been left out.
 */
@Tag("alerts")
@Isolated("it measures, and shares two cores with what it measures")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AlertsTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Each look at the clock costs such a process many times as much. */
    private static final Duration SLOW_START = Duration.ofMinutes(4);

    private static final int ROOM = 20;
    private static final long FAULTY = 777;
    private static final TcpProxy.Tap OPEN = (way, chunk) -> TcpProxy.Verdict.FORWARD;
    private static final TcpProxy.Tap CUT = (way, chunk) -> TcpProxy.Verdict.CUT;

    /** A selector of ours, with its matchers. */
    private static final Pattern SELECTOR = Pattern.compile("\\bmillrace[_:][\\w:]+(\\{[^}]*})?");

    @TempDir private static Path folder = Path.of("");

    private final Set<String> seen = new TreeSet<>();
    private final long begin = System.nanoTime();
    private Site site;
    private TcpProxy broker;
    private TcpProxy database;
    private Prometheus prometheus;
    private ServiceProcess service;
    private Prober callers;

    @BeforeAll
    void begin() throws IOException {
        site = Site.on(Stacks.shared(), AlertsTest.class);
        broker = TcpProxy.to(URI.create(site.endpoints().pulsarServiceUrl()).getPort());
        database = TcpProxy.to(databasePort());
        prometheus = Prometheus.start(folder);
        fires("MillraceSilent");
        // One start pays for no collection of classes.
        service = ServiceProcess.start(site, folder, settings(), Programs.Launch.plain());
        service.awaitReadiness(true);
        prometheus.scrape(service.management());
        callers = new Prober(service::gate, "calm");
        callers.start(2);
    }

    @AfterAll
    void end() {
        callers.stop();
        service.close();
        prometheus.close();
        database.close();
        broker.close();
    }

    @Test
    @Order(1)
    void all_is_well_and_every_panel_and_every_rule_finds_something() throws IOException {
        clears("MillraceSilent");
        Set<String> expressions = new HashSet<>(panels());
        Set<String> selectors = new HashSet<>();
        for (Prometheus.Rule rule : prometheus.rules()) {
            SELECTOR.matcher(rule.expression())
                    .results()
                    .map(MatchResult::group)
                    .forEach(selectors::add);
            if (!rule.isAlert()) {
                expressions.add(rule.name());
            }
        }
        assertThat(expressions).hasSizeGreaterThan(50);
        assertThat(selectors).hasSizeGreaterThan(30);

        Set<String> missing = new HashSet<>(expressions);
        await().untilAsserted(() -> {
            missing.removeIf(expression ->
                    prometheus.values(expression).stream().anyMatch(Double::isFinite));
            assertThat(missing).as("what finds nothing").isEmpty();
        });
        for (String selector : selectors) {
            assertThat(prometheus.values(selector)).as(selector).isNotEmpty();
        }
        await().until(() -> prometheus.firing().isEmpty());
        System.out.printf(
                "%d expressions and %d selectors find something, and nothing fires%n",
                expressions.size(), selectors.size());
    }

    @Test
    @Order(2)
    void an_event_goes_to_quarantine_and_not_to_the_dead_letter_topic() throws SQLException {
        try (Connection forgotten = site.connect();
                Statement statement = forgotten.createStatement()) {
            forgotten.setAutoCommit(false);
            statement.execute("lock table relay_turn in exclusive mode");
            send(report("twice", "conflict", 1));
            send(report("twice", "conflict", 2));

            fires("MillraceQuarantineGrows", "MillraceOutboxStuck");
            forgotten.rollback();
        }
        clears("MillraceOutboxStuck");
    }

    @Test
    @Order(3)
    void the_broker_takes_nothing() {
        broker.tap(() -> CUT);
        broker.cutAll();

        fires("MillraceAcceptanceBurns fast", "MillraceAcceptanceBurns slow");
        broker.tap(() -> OPEN);
        clears("MillraceAcceptanceBurns fast");
    }

    @Test
    @Order(4)
    void the_database_is_away() {
        database.tap(() -> CUT);
        database.cutAll();

        fires("MillraceBreakerOpen");
        database.tap(() -> OPEN);
        clears("MillraceBreakerOpen");
    }

    @Test
    @Order(5)
    void as_much_is_parked_as_may_be_and_all_the_others_wait() throws SQLException {
        execute("alter table entry add constraint fault check (amount_minor <> 777)");
        List<Report> reports = new ArrayList<>(List.of(report("head", "full", FAULTY)));
        IntStream.range(0, ROOM).forEach(i -> reports.add(report("behind-" + i, "full", 1)));
        send(reports.toArray(Report[]::new));

        fires("MillraceLanesStalled", "MillraceBacklogWillNotDrain");
        execute("alter table entry drop constraint fault");
        clears("MillraceLanesStalled", "MillraceBacklogWillNotDrain");
        // What has waited comes late.
        fires("MillraceFreshnessBurns fast", "MillraceFreshnessBurns slow");
    }

    @Test
    @Order(6)
    void the_clock_of_one_of_two_processes_is_wrong() throws IOException {
        Path clock = Files.writeString(folder.resolve("clock"), "+30");
        try (ServiceProcess late =
                ServiceProcess.start(site, folder, wrongTime(clock), Programs.Launch.plain())) {
            await().atMost(SLOW_START).until(late::hasStarted);
            prometheus.scrape(service.management(), late.management());
            fires("MillraceClockSkew");
            Files.writeString(clock, "+0");
            clears("MillraceClockSkew");
            prometheus.scrape(service.management());
        }
    }

    @Test
    @Order(7)
    void in_the_end_nothing_fires_and_every_alert_has_fired_and_has_a_runbook() {
        List<Prometheus.Rule> alerts =
                prometheus.rules().stream().filter(Prometheus.Rule::isAlert).toList();
        clears(alerts.stream().map(Prometheus.Rule::id).toArray(String[]::new));
        await().until(() -> prometheus.firing().isEmpty());
        assertThat(alerts.stream().map(Prometheus.Rule::id))
                .containsExactlyInAnyOrderElementsOf(seen);
        assertThat(alerts)
                .allSatisfy(alert ->
                        assertThat(Programs.checkout().resolve(alert.runbook()))
                                .content()
                                .contains("`" + alert.name() + "`"));
    }

    private void fires(String... alerts) {
        for (String id : alerts) {
            Prometheus.Alert alert =
                    await(id)
                            .pollInterval(Duration.ofMillis(200))
                            .until(
                                    () ->
                                            firing().stream()
                                                    .filter(each -> each.id().equals(id))
                                                    .findFirst(),
                                    Optional::isPresent)
                            .orElseThrow();
            tell("fires", id + ": " + alert.summary());
        }
    }

    private void clears(String... alerts) {
        for (String id : alerts) {
            await(id)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> firing().stream().noneMatch(alert -> alert.id().equals(id)));
            tell("clear", id);
        }
    }

    private List<Prometheus.Alert> firing() {
        List<Prometheus.Alert> firing = prometheus.firing();
        firing.forEach(alert -> seen.add(alert.id()));
        return firing;
    }

    private void tell(String what, String of) {
        System.out.printf("%5.1f s %s %s%n", (System.nanoTime() - begin) / 1e9, what, of);
    }

    /** What the dashboards ask for. */
    private static List<String> panels() throws IOException {
        List<String> expressions = new ArrayList<>();
        try (Stream<Path> files =
                Files.list(Programs.checkout().resolve("docker/grafana/dashboards"))) {
            for (Path file : files.toList()) {
                for (JsonNode panel : JSON.readTree(Files.readString(file)).get("panels")) {
                    assertThat(panel.get("targets"))
                            .as(file + " " + panel.get("title"))
                            .isNotEmpty();
                    for (JsonNode target : panel.get("targets")) {
                        expressions.add(
                                target.get("expr")
                                        .asString()
                                        .replace("$__rate_interval", "10s")
                                        .replaceAll("rate(\\d+)m\\b", "rate$1s"));
                    }
                }
            }
        }
        return expressions;
    }

    private void send(Report... reports) {
        new OrderedSender(service::gate, 1).send(Arrays.asList(reports));
    }

    private static Report report(String messageId, String account, long amount) {
        return new Report(messageId, account, "credit", amount, "CZK", Instant.EPOCH, "alerts");
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = site.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private int databasePort() {
        return URI.create(site.databaseUrl().substring("jdbc:".length())).getPort();
    }

    /** What has a process see another time, as a file says, but no other durations. */
    private static Map<String, String> wrongTime(Path clock) {
        return Map.of(
                "MILLRACE_ROLES",
                "reads",
                "LD_PRELOAD",
                "/usr/$LIB/faketime/libfaketimeMT.so.1",
                "FAKETIME_TIMESTAMP_FILE",
                clock.toString(),
                "FAKETIME_CACHE_DURATION",
                "1",
                "DONT_FAKE_MONOTONIC",
                "1",
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1");
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>(ShortWaits.ofWorker());
        settings.put("MILLRACE_PULSAR_SERVICE_URL", "pulsar://127.0.0.1:" + broker.port());
        settings.put(
                "MILLRACE_POSTGRES_URL",
                site.databaseUrl()
                        .replace(":" + databasePort() + "/", ":" + database.port() + "/"));
        settings.put("MILLRACE_STATISTICS_INTERVAL", "500ms");
        settings.put("MILLRACE_PUBLISH_TIMEOUT", "2s");
        settings.put("MILLRACE_OUTAGE_BACKOFF_CAP", "500ms");
        settings.put("MILLRACE_RETRY_MAX_ATTEMPTS", "1000");
        settings.put("MILLRACE_RETRY_BACKOFF_FIRST", "200ms");
        settings.put("MILLRACE_RETRY_BACKOFF_CAP", "1s");
        settings.put("MILLRACE_PARKED_MAX_EVENTS", String.valueOf(ROOM));
        return settings;
    }
}
