package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Order;
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
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What a person does about events that failed for good, over the management port of a running
 * service. The fault is a constraint that somebody put on the books, and takes away again.
 */
@Order(2) // It takes long: last, it would run alone.
class OperationsTest {

    private static final long FAULTY = 777;
    private static final String ANNA = "{\"by\":\"anna\",\"why\":\"the constraint is gone\"}";

    @TempDir private Path folder;

    @Test
    void a_person_retries_one_event_and_gives_another_up_and_the_books_are_exact()
            throws Exception {
        Site site = Site.on(Stacks.shared(), OperationsTest.class);
        Database database = new Database(site);
        List<Report> reports = new ArrayList<>();
        for (String account : List.of("mended", "given-up", "well")) {
            for (int i = 0; i < 6; i++) {
                boolean faulty = i == 2 && !account.equals("well");
                reports.add(report(account + "-" + i, account, faulty ? FAULTY : 10L * (i + 1)));
            }
        }
        try (ServiceProcess service = ServiceProcess.ready(site, folder, settings())) {
            execute(site, "alter table entry add constraint fault check (amount_minor <> 777)");
            new OrderedSender(service::gate, 1).send(reports);
            database.awaitCount("select count(*) from quarantine", 2);
            database.awaitRecords(reports.size());

            long mended = shown(service, "mended-2");
            long givenUp = shown(service, "given-up-2");
            refusals(service, mended);

            JsonNode discarded =
                    post(
                                    service,
                                    "/quarantine/" + givenUp + "/discard",
                                    "{\"by\":\"bert\",\"why\":\"booked by hand\"}")
                            .json();
            assertThat(discarded.get("result").asString()).isEqualTo("discarded");
            assertThat(discarded.get("keyGoesOn").asBoolean()).isTrue();
            database.awaitCount("select count(*) from entry where account_id = 'given-up'", 5);
            edited(service, database);
            execute(site, "alter table entry drop constraint fault");
            raceOfTwo(service, mended);

            database.awaitCount("select count(*) from parked_event", 0);
            List<Report> applied =
                    new ArrayList<>(
                            reports.stream()
                                    .filter(report -> !report.messageId().equals("given-up-2"))
                                    .toList());
            applied.add(report("wrong", "edited", 778));
            assertThat(database.books()).isEqualTo(new History(0, applied).books(0));
            assertThat(
                            database.count(
                                    "select count(*) from inbox_record where state ="
                                            + " 'discarded' and message_id = 'given-up-2'"))
                    .isOne();
            assertThat(
                            database.count(
                                    "select count(*) from inbox_record where state ="
                                            + " 'applied'"))
                    .isEqualTo(applied.size());
            assertThat(
                            database.count(
                                    "select count(*) from key_lock where parked > 0 or"
                                            + " awaits_person"))
                    .isZero();
            assertThat(get(service, "/quarantine").json().get("events")).isEmpty();
            JsonNode acts = get(service, "/audit-log").json().get("acts");
            assertThat(acts)
                    .extracting(act -> act.get("act").asString())
                    .containsExactly("discard", "edit", "retry", "retry");
            assertThat(acts.get(3).get("messageId").asString()).isEqualTo("mended-2");
        }
    }

    @Test
    void a_job_stops_while_the_fault_lasts_and_later_survives_the_death_of_its_process()
            throws SQLException {
        Site site = Site.on(Stacks.shared(), OperationsTest.class);
        Database database = new Database(site);
        int accounts = 40;
        List<Report> reports = new ArrayList<>();
        for (int i = 0; i < accounts; i++) {
            reports.add(report("first-" + i, "acc-" + i, FAULTY));
            reports.add(report("second-" + i, "acc-" + i, 5));
        }
        long mended;
        try (ServiceProcess service = ServiceProcess.ready(site, folder, settings())) {
            execute(site, "alter table entry add constraint fault check (amount_minor <> 777)");
            new OrderedSender(service::gate, 1).send(reports);
            database.awaitCount("select count(*) from quarantine", accounts);

            long hopeless = redrive(service, 100);
            database.awaitCount(
                    "select count(*) from redrive where state = 'stopped' and id = " + hopeless, 1);
            JsonNode stopped = get(service, "/redrives/" + hopeless).json();
            assertThat(stopped.get("failed").asInt()).isEqualTo(3);
            assertThat(stopped.get("detail").asString()).contains("retries failed");
            assertThat(stopped.get("retried").asInt()).isBetween(3, 5);
            assertThat(post(service, "/redrives/" + hopeless + "/cancel", ANNA).status())
                    .isEqualTo(409);

            execute(site, "alter table entry drop constraint fault");
            awaitRest(database);
            mended = redrive(service, 4);
            database.awaitCount(
                    "select count(*) from redrive where retried >= 5 and id = " + mended, 1);
            service.kill();
        }
        try (ServiceProcess again = ServiceProcess.ready(site, folder, settings())) {
            database.awaitCount("select count(*) from redrive where state = 'done'", 1);

            JsonNode done = get(again, "/redrives?after=1").json().get("redrives").get(0);
            assertThat(done.get("state").asString()).isEqualTo("done");
            assertThat(done.get("failed").asInt()).isZero();
            assertThat(done.get("succeeded").asLong()).isEqualTo(done.get("retried").asLong());
            assertThat(done.get("remaining").asInt()).isZero();
            database.awaitCount("select count(*) from parked_event", 0);
            assertThat(database.books()).isEqualTo(new History(0, reports).books(0));
            assertThat(database.count("select count(*) from quarantine")).isZero();
            // A span is made when its transaction is over, so a moment after what it tells of.
            await().untilAsserted(() -> requireTraced(again, mended));
            assertThat(
                            database.count(
                                    "select count(*) from redrive where lease_number > 1 and id ="
                                            + " 2"))
                    .as("another process has driven it to its end")
                    .isOne();
        }
    }

    /** What a job has put back goes on from there, in the trace that came with it. */
    private static void requireTraced(ServiceProcess service, long job) {
        List<JsonNode> spans = KeptTraces.spans(service, "limit=100");
        List<JsonNode> redriven =
                spans.stream()
                        .filter(span -> span.get("name").asString().startsWith("redrive"))
                        .toList();
        assertThat(redriven)
                .isNotEmpty()
                .allSatisfy(span -> {
                    assertThat(KeptTraces.attribute(span, "millrace.redrive.id"))
                            .isEqualTo(Long.toString(job));
                    assertThat(spans)
                            .filteredOn(next -> follows(next, span))
                            .extracting(next -> KeptTraces.attribute(next, "millrace.outcome"))
                            .containsExactly("applied");
                });
    }

    private static boolean follows(JsonNode next, JsonNode span) {
        return next.get("links")
                .valueStream()
                .anyMatch(link -> link.get("spanId").equals(span.get("spanId")));
    }

    /** Until no event is under way: each key that has any waits for a person. */
    private static void awaitRest(Database database) {
        database.awaitCount(
                "select count(*) from parked_event p join key_lock k using (subscription_id, key)"
                        + " where not k.awaits_person",
                0);
    }

    private static long redrive(ServiceProcess service, int rate) {
        Http.Answer begun =
                post(
                        service,
                        "/redrives",
                        "{\"by\":\"anna\",\"filter\":{\"reason\":\"attempts-exhausted\"},\"rate\":"
                                + rate
                                + "}");
        assertThat(begun.status()).isEqualTo(202);
        return begun.json().get("id").asLong();
    }

    /** The event as the list, its group, the page of its own and its key tell of it. */
    private static long shown(ServiceProcess service, String messageId) {
        JsonNode listed =
                get(service, "/quarantine?messageId=" + messageId).json().get("events").get(0);
        long id = listed.get("id").asLong();
        assertThat(listed.get("reason").asString()).isEqualTo("attempts-exhausted");
        assertThat(listed.get("retriable").asBoolean()).isTrue();
        assertThat(get(service, "/quarantine/causes").json().at("/causes/0/events").asInt())
                .isEqualTo(2);
        JsonNode dossier = get(service, "/quarantine/" + id).json();
        assertThat(dossier.get("attempts")).hasSize(2);
        assertThat(dossier.at("/attempts/0/exception").asString())
                .isEqualTo("org.postgresql.util.PSQLException");
        assertThat(dossier.get("payload").binaryValue()).isNotEmpty();
        JsonNode key =
                get(service, "/parked?key=" + listed.get("key").asString())
                        .json()
                        .get("keys")
                        .get(0);
        assertThat(key.get("awaitsPerson").asBoolean()).isTrue();
        assertThat(key.get("quarantineId").asLong()).isEqualTo(id);
        assertThat(key.get("events").asInt()).isEqualTo(3);
        return id;
    }

    private static void refusals(ServiceProcess service, long id) {
        String retry = "/quarantine/" + id + "/retry";
        String release =
                """
                {"stream":"ledger-entries","subscription":"ledger","key":"mended","by":"anna"}
                """;
        assertThat(post(service, retry, "{}").status()).isEqualTo(400);
        assertThat(post(service, retry, "{\"by\":\"anna\",\"force\":true}").status())
                .isEqualTo(400);
        assertThat(post(service, "/quarantine/999999/retry", ANNA).status()).isEqualTo(404);
        assertThat(post(service, "/quarantine/" + id + "/discard", "{\"by\":\"anna\"}").status())
                .isEqualTo(400);
        assertThat(post(service, "/parked/release", release).status()).isEqualTo(409);
        assertThat(get(service, "/quarantine?colour=red").status()).isEqualTo(400);
        assertThat(get(service, "/quarantine").json().get("events")).hasSize(2);
        assertThat(get(service, "/audit-log").json().get("acts")).isEmpty();
    }

    /** An event with the faulty amount is given another one, by the first of two editors. */
    private static void edited(ServiceProcess service, Database database) {
        Report wrong = report("wrong", "edited", FAULTY);
        assertThat(Prober.post(service.gate(), wrong).status()).isEqualTo(202);
        database.awaitCount("select count(*) from quarantine where message_id = 'wrong'", 1);
        long id = get(service, "/quarantine?messageId=wrong").json().at("/events/0/id").asLong();
        String right = report("wrong", "edited", 778).json();
        assertThat(put(service, id, 0, report("wrong", "other", 778).json()).status())
                .as("another key")
                .isEqualTo(400);
        assertThat(put(service, id, 0, right.replace("credit", "gift")).status())
                .as("against the rules of the stream")
                .isEqualTo(400);
        assertThat(put(service, id, 0, right).json().get("edition").asInt()).isOne();
        assertThat(put(service, id, 0, right).status()).isEqualTo(409);
        assertThat(get(service, "/quarantine/" + id).json().get("edits")).hasSize(1);
        assertThat(post(service, "/quarantine/" + id + "/retry", ANNA).status()).isEqualTo(200);
        database.awaitCount(
                "select count(*) from entry where message_id = 'wrong' and amount_minor = 778", 1);
    }

    private static Http.Answer put(ServiceProcess service, long id, int edition, String event) {
        return Http.put(
                service.management().resolve("/ops/v1/quarantine/" + id + "/payload"),
                "application/json",
                "{\"by\":\"anna\",\"why\":\"a wrong amount\",\"edition\":%d,\"event\":%s}"
                        .formatted(edition, event));
    }

    private static void raceOfTwo(ServiceProcess service, long id) throws Exception {
        Callable<Http.Answer> retry = () -> post(service, "/quarantine/" + id + "/retry", ANNA);
        List<Integer> statuses = new ArrayList<>();
        try (ExecutorService people = Executors.newFixedThreadPool(2)) {
            for (Future<Http.Answer> answer : people.invokeAll(List.of(retry, retry))) {
                statuses.add(answer.get().status());
            }
        }
        assertThat(statuses).containsExactlyInAnyOrder(200, 404);
        assertThat(get(service, "/quarantine/" + id).body()).contains("retry by anna");
    }

    private static Http.Answer get(ServiceProcess service, String path) {
        return Http.get(service.management().resolve("/ops/v1" + path));
    }

    private static Http.Answer post(ServiceProcess service, String path, String body) {
        return Http.post(service.management().resolve("/ops/v1" + path), "application/json", body);
    }

    private static Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("MILLRACE_PARTITIONS", "1");
        settings.put("MILLRACE_RETRY_MAX_ATTEMPTS", "2");
        settings.put("MILLRACE_RETRY_BACKOFF_FIRST", "50ms");
        settings.put("MILLRACE_RETRY_BACKOFF_CAP", "100ms");
        settings.put("MILLRACE_TRACING_SAMPLING", "1");
        return settings;
    }

    private static Report report(String messageId, String account, long amount) {
        return new Report(
                messageId, account, "credit", amount, "CZK", Instant.EPOCH, Planted.PAYLOAD);
    }

    private static void execute(Site site, String sql) throws SQLException {
        try (Connection connection = site.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
