package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.e2e.Browser.Screen;

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

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The console in a real browser, on a running service: looked at, read out and clicked through. The
 * fault is a constraint that somebody put on the books, and takes away again. Before the first test
 * three keys wait for a person, one event is in conflict, and a fourth key waits for another try.
 */
@Tag("browser")
@Isolated("a browser, a service and what it works on share two cores")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConsoleTest {

    private static final long FAULTY = 777;
    private static final String LIFE = "message/ledger-entries/";

    @TempDir private static Path folder = Path.of("");

    private Site site;
    private Database database;
    private ServiceProcess service;
    private Browser browser;

    @BeforeAll
    void begin() throws SQLException {
        site = Site.on(Stacks.shared(), ConsoleTest.class);
        database = new Database(site);
        try (ServiceProcess hasty = ServiceProcess.ready(site, folder, settings("50ms", "100ms"))) {
            execute("alter table entry add constraint fault check (amount_minor <> 777)");
            List<Report> reports = new ArrayList<>();
            for (int i = 1; i <= 3; i++) {
                reports.add(report("good-" + i, "key-" + i, 100));
                reports.add(report("faulty-" + i, "key-" + i, FAULTY));
                reports.add(report("behind-" + i, "key-" + i, 200));
            }
            reports.add(report("twice", "key-4", 100));
            new OrderedSender(hasty::gate, 1).send(reports);
            new OrderedSender(hasty::gate, 1).send(List.of(report("twice", "key-4", 101)));
            database.awaitCount("select count(*) from quarantine", 4);
        }
        service = ServiceProcess.ready(site, folder, settings("10m", "20m"));
        new OrderedSender(service::gate, 1)
                .send(
                        List.of(
                                report("waiting", "key-5", FAULTY),
                                report("waiting-behind", "key-5", 5)));
        database.awaitCount("select count(*) from parked_event where key = 'key-5'", 2);
        browser = new Browser(service.management());
    }

    @AfterAll
    void end() {
        browser.close();
        service.close();
    }

    @Test
    @Order(1)
    void each_view_is_readable_on_each_screen_and_no_barrier_to_anybody() {
        Map<String, String> views =
                Map.of(
                        "overview",
                        ".tile.alarmed",
                        LIFE + "faulty-1",
                        ".timeline > li[data-what=quarantined]",
                        LIFE + "waiting",
                        ".spans tbody tr",
                        "quarantine",
                        ".quarantine tbody tr",
                        "quarantine/" + id("faulty-1"),
                        ".edition pre",
                        "parked",
                        ".parked tbody tr",
                        "streams",
                        ".subscription tbody tr",
                        "audit",
                        ".audit form");
        for (Screen screen : Screen.values()) {
            browser.use(screen);
            views.forEach((view, awaited) -> {
                browser.open(view, awaited);
                String seen = view + " on " + screen;
                browser.shoot(
                        view.replaceAll("/.*", "") + (view.matches("q.*/.*") ? "-event" : ""),
                        screen);
                assertThat(browser.overflow()).as(seen).isNotPositive();
                assertThat(browser.barriers()).as(seen).isEmpty();
            });
        }
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    @Order(2)
    void a_message_is_looked_up_and_its_life_is_told() {
        browser.use(Screen.DESKTOP_LIGHT);
        browser.open("message", "input[name=messageId]");
        browser.type("input[name=messageId]", "faulty-1");
        browser.click(".search button[type=submit]");

        browser.see(".timeline");
        assertThat(browser.attributes(".timeline > li", "data-what"))
                .containsExactly("published", "recorded", "failed", "failed", "quarantined");
        assertThat(browser.texts(".timeline .what").get(2)).contains("PSQLException", "fault");
        browser.open(LIFE + "waiting", ".spans");
        assertThat(browser.texts(".spans tbody tr"))
                .hasSize(3)
                .anyMatch(span -> span.contains("send ledger-entries"))
                .anyMatch(
                        span -> span.contains("process ledger-entries") && span.contains("parked"));
        browser.open("message/ledger-entries/nobody", ".found .none");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    @Order(3)
    void an_edit_is_checked_kept_and_tried() {
        long id = id("faulty-1");
        browser.open("quarantine/" + id, "#event-json");
        browser.see(".bytes");
        browser.type(
                "#event-json", report("faulty-1", "key-1", 778).json().replace("credit", "gift"));
        browser.click(".editor button[type=submit]");
        browser.type("dialog input[name=by]", "anna");
        browser.type("dialog input[name=why]", "a wrong amount");
        browser.click("dialog button[type=submit]");
        browser.see("dialog .refusal", "/event/type");
        browser.shoot("edit-refused", Screen.DESKTOP_LIGHT);
        browser.click("dialog button[type=button]:not(.copy)");

        browser.type("#event-json", report("faulty-1", "key-1", 778).json());
        browser.click(".editor button[type=submit]");
        browser.see("dialog .command", "./millrace quarantine edit " + id + " --edition 0");
        browser.act("anna", "a wrong amount", "edition 1");
        browser.see(".edition", "778");
        assertThat(get("/quarantine/" + id).at("/edits/0/by").asString()).isEqualTo("anna");

        browser.click(".row button.primary");
        browser.act("anna", "mended", "being tried again");
        database.awaitCount(
                "select count(*) from entry where message_id = 'faulty-1' and amount_minor = 778",
                1);
        database.awaitCount("select count(*) from entry where message_id = 'behind-1'", 1);
        browser.open(LIFE + "faulty-1", ".timeline > li[data-what=applied]");
        assertThat(browser.attributes(".timeline > li", "data-what"))
                .containsExactly(
                        "published",
                        "recorded",
                        "failed",
                        "failed",
                        "quarantined",
                        "edit",
                        "retry",
                        "applied");
        browser.see(".timeline", "778 CZK");
        browser.shoot("message-mended", Screen.DESKTOP_LIGHT);
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    @Order(4)
    void what_is_given_up_needs_a_reason() {
        long id = id("twice");
        browser.open("quarantine?reason=conflict", "button[aria-label='Discard " + id + "']");
        browser.click("button[aria-label='Discard " + id + "']");
        browser.type("dialog input[name=by]", "bert");
        browser.click("dialog button[type=submit]");
        browser.see("dialog .refusal", "Say why");
        assertThat(get("/quarantine?reason=conflict").get("events")).hasSize(1);

        browser.act("bert", "booked by hand", "discarded");

        assertThat(get("/quarantine?reason=conflict").get("events")).isEmpty();
        browser.see(".quarantine", "Nothing matches.");
    }

    @Test
    @Order(5)
    void a_group_is_retried_and_its_progress_shown_to_the_end() throws SQLException {
        execute("alter table entry drop constraint fault");
        String group = "button[aria-label^='Retry all attempts-exhausted of ledger: ']";
        browser.open("quarantine", group);
        browser.click(group);
        browser.type("dialog input[name=rate]", "50");
        browser.see("dialog .command", "--reason attempts-exhausted --cause '");
        browser.see("dialog .command", "--rate 50");
        browser.act("anna", "the constraint is gone", "Redrive 1");

        browser.see(".job .pill", "done");
        browser.see(".job", "2 succeeded, 0 failed; 0 remain");
        browser.see(".quarantine", "Nothing needs a person.");
        assertThat(get("/redrives/1").get("state").asString()).isEqualTo("done");
        database.awaitCount(
                "select count(*) from entry where message_id in ('behind-2', 'behind-3')", 2);
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    @Order(6)
    void a_parked_key_is_released() {
        browser.open("parked", "button[aria-label='Release key-5']");
        browser.click("button[aria-label='Release key-5']");
        browser.act("anna", "", "key-5 is due");

        database.awaitCount(
                "select count(*) from entry where message_id in ('waiting', 'waiting-behind')", 2);
        browser.open("parked", ".parked .none");
    }

    @Test
    @Order(7)
    void versions_of_a_schema_are_told_apart() {
        GivenSchema.contractOf(site).with("branch").register(site);

        browser.open("streams", ".streams .edition tbody");
        browser.see(".streams .edition tbody", "branch");
        browser.see(".streams .edition tbody .pill", "added");
        browser.shoot("streams-versions", Screen.DESKTOP_LIGHT);
        assertThat(browser.texts(".streams .edition h3"))
                .containsExactly("Version 1", "Version 0\nwritten by this process");
    }

    @Test
    @Order(8)
    void a_subscription_is_paused_and_resumed() {
        browser.open("streams", "button[aria-label='Pause ledger-entries/ledger']");
        browser.see("[aria-label='Cursor of ledger-entries/ledger'] tbody td:nth-child(5)", "0");
        browser.see(".streams .edition", "written by this process");
        browser.click("button[aria-label='Pause ledger-entries/ledger']");
        browser.act("anna", "a migration", "is paused");

        browser.see(".subscription", "Paused by anna");
        browser.see(".subscription td .pill", "paused by person");
        assertThat(get("/lanes").at("/paused/0/why").asString()).isEqualTo("a migration");
        browser.click("button[aria-label='Resume ledger-entries/ledger']");
        browser.act("anna", "", "goes on");
        browser.see(".subscription td .pill", "running");
        assertThat(get("/lanes").get("paused")).isEmpty();
    }

    @Test
    @Order(9)
    void an_audit_is_run_and_the_log_tells_who_did_what() {
        browser.open("audit", ".audit form");
        browser.see(".audit tbody tr");
        assertThat(browser.texts(".audit tbody td:nth-child(3)"))
                .startsWith("resume", "pause", "release");
        assertThat(browser.texts(".audit tbody td:nth-child(2)").getFirst()).isEqualTo("anna");

        browser.click(".audit form button[type=submit]");

        browser.see(".audit .balance", "balances");
        browser.see(".audit .shares", "applied");
        browser.shoot("audit-done", Screen.DESKTOP_LIGHT);
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    @Order(10)
    void the_terminal_tells_the_same_life() {
        Programs.Finished told =
                Programs.run(
                        Programs.service(
                                Map.of(),
                                "trace",
                                "faulty-1",
                                "--url",
                                service.management().toString()),
                        folder);

        assertThat(told.status()).as(told.err()).isZero();
        assertThat(told.out())
                .contains("published", "recorded", "failed", "quarantined", "edit", "retry")
                .contains("applied", "778 CZK");
    }

    @Test
    @Order(11)
    void ten_thousand_keys_and_events_cost_hardly_more_than_ten() throws SQLException {
        Map<String, String> views =
                Map.of(
                        "overview",
                        ".tile",
                        "quarantine",
                        ".quarantine tbody tr",
                        "parked",
                        ".parked tbody tr",
                        "streams",
                        ".streams .edition",
                        LIFE + "many-1",
                        ".timeline");
        fill(1, 10);
        Map<String, Double> ofTen = millis(views);
        Set<String> series = Series.of(service.management());

        fill(11, 10_000);

        Map<String, Double> ofMany = millis(views);
        views.keySet()
                .forEach(view -> {
                    double millis = ofMany.getOrDefault(view, Double.NaN);
                    double ratio = millis / ofTen.getOrDefault(view, Double.NaN);
                    System.out.printf(
                            "%s: %.0f ms, %.2f times as long as with ten of each%n",
                            view, millis, ratio);
                    assertThat(ratio).as(view).isLessThan(3);
                });
        Set<String> more = Series.of(service.management());
        more.removeAll(series);
        assertThat(more).isEmpty();
        assertThat(get("/quarantine?limit=50").get("events")).hasSize(50);
        assertThat(get("/parked?limit=50").get("keys")).hasSize(50);
        browser.open("quarantine", ".quarantine tbody tr");
        browser.shoot("quarantine-many", Screen.DESKTOP_LIGHT);
        assertThat(browser.complaints()).isEmpty();
    }

    /**
     * Puts events into quarantine, and as many keys among the parked ones; waits for the letters.
     */
    private void fill(int first, int last) throws SQLException {
        execute(
                """
                INSERT INTO quarantine (subscription_id, reason, detail, message_id, key, digest, position_ledger,
                    position_entry, position_partition, position_index, schema_version, payload, properties, published_at,
                    parked_sequence)
                SELECT s.id, 'attempts-exhausted', 'a reason like ' || chr(65 + n %% 3), 'many-' || n, 'many-' || n,
                    sha256('x'), 1, n, 0, 0, '', '', '{}', now(), 1000000 + n
                FROM subscription s, generate_series(%1$d, %2$d) AS n;
                INSERT INTO inbox_record (subscription_id, message_id, key, digest, state, reason, position_ledger,
                    position_entry, position_partition, position_index, published_at)
                SELECT s.id, 'many-' || n, 'many-' || n, sha256('x'), 'quarantined', 'attempts-exhausted', 1, n, 0, 0, now()
                FROM subscription s, generate_series(%1$d, %2$d) AS n;
                INSERT INTO key_lock (subscription_id, key, parked)
                SELECT s.id, 'parked-' || n, 1 FROM subscription s, generate_series(%1$d, %2$d) AS n;
                INSERT INTO parked_event (subscription_id, key, message_id, digest, position_ledger, position_entry,
                    position_partition, position_index, schema_version, payload, properties, published_at, attempts, due_at)
                SELECT s.id, 'parked-' || n, 'parked-' || n, sha256('x'), 2, n, 0, 0, '', '', '{}', now(), 1,
                    now() + interval '1 hour'
                FROM subscription s, generate_series(%1$d, %2$d) AS n;
                ANALYZE
                """
                        .formatted(first, last));
        database.awaitCount("select count(*) from outbox", 0);
    }

    private Map<String, Double> millis(Map<String, String> views) {
        Map<String, Double> medians = new HashMap<>();
        views.forEach((view, awaited) -> {
            List<Double> times = new ArrayList<>();
            for (int i = 0; i < 9; i++) {
                browser.open(view, awaited);
                times.add(browser.millisToLastAnswer());
            }
            medians.put(view, times.stream().sorted().toList().get(times.size() / 2));
        });
        return medians;
    }

    private long id(String messageId) {
        return get("/quarantine?messageId=" + messageId).at("/events/0/id").asLong();
    }

    private JsonNode get(String path) {
        return Http.get(service.management().resolve("/ops/v1" + path)).json();
    }

    private static Map<String, String> settings(String first, String cap) {
        return Map.of(
                "MILLRACE_PARTITIONS",
                "1",
                "MILLRACE_RETRY_MAX_ATTEMPTS",
                "2",
                "MILLRACE_RETRY_BACKOFF_FIRST",
                first,
                "MILLRACE_RETRY_BACKOFF_CAP",
                cap,
                "MILLRACE_TRACING_SAMPLING",
                "1");
    }

    private static Report report(String messageId, String account, long amount) {
        return new Report(
                messageId, account, "credit", amount, "CZK", Instant.EPOCH, Planted.PAYLOAD);
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = site.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
