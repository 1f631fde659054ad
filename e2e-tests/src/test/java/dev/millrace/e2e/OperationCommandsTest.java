package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What a person does about failed events from a shell, on a real service. */
class OperationCommandsTest {

    @TempDir private Path folder;

    /** What became of the event that was mended, as its tables have it. */
    private static final List<String> LIFE =
            List.of(
                    "published",
                    "recorded",
                    "failed",
                    "failed",
                    "quarantined",
                    "edit",
                    "retry",
                    "applied");

    /** The same, as its spans have it. */
    private static final List<String> SPANS =
            List.of(
                    "POST /v1/streams/{stream}/events",
                    "send ledger-entries",
                    "process ledger-entries: parked, attempt 1",
                    "process ledger-entries: quarantined, attempt 2",
                    "send ledger-entries-ledger-DLQ",
                    "edit ledger-entries",
                    "retry ledger-entries",
                    "process ledger-entries: applied");

    @Test
    void what_failed_is_found_mended_and_given_up_from_a_shell_and_each_account_of_it_agrees()
            throws SQLException, IOException {
        Site site = Site.on(Stacks.shared(), OperationCommandsTest.class);
        Database database = new Database(site);
        try (SpanCollector collector = new SpanCollector();
                ServiceProcess service =
                        ServiceProcess.ready(
                                site,
                                folder,
                                Map.of(
                                        "MILLRACE_RETRY_MAX_ATTEMPTS", "2",
                                        "MILLRACE_RETRY_BACKOFF_FIRST", "100ms",
                                        "MILLRACE_TRACING_SAMPLING", "1",
                                        "MILLRACE_TRACING_OTLP_ENDPOINT", collector.endpoint()))) {
            execute(site, "alter table entry add constraint fault check (amount_minor <> 777)");
            for (String key : List.of("one", "two")) {
                send(service, "bad-" + key, key, 777);
                send(service, "behind-" + key, key, 5);
            }
            database.awaitCount("select count(*) from quarantine", 2);
            database.awaitCount("select count(*) from parked_event", 2);

            assertThat(run(service, "quarantine", "causes").out())
                    .contains("attempts-exhausted", "PSQLException");
            long one = idOf(service, "one");
            assertThat(run(service, "quarantine", "show", Long.toString(one)).out())
                    .contains("bad-one", "number  2");
            assertThat(run(service, "parked", "list").out()).contains("one", "two", "yes");
            Programs.Finished blocked = run(service, "parked", "release", "one", "--as", "ada");
            assertThat(blocked.status()).as(blocked.out()).isEqualTo(1);
            assertThat(blocked.err()).contains(Long.toString(one)).doesNotContain("\tat ");

            database.awaitCount("select count(*) from outbox", 0);
            Path mended =
                    Files.writeString(
                            folder.resolve("mended.json"), report("bad-one", "one", 7).json());
            Programs.Finished edited =
                    run(
                            service,
                            "quarantine",
                            "edit",
                            Long.toString(one),
                            "--edition",
                            "0",
                            "--event",
                            mended.toString(),
                            "--as",
                            "ada",
                            "--why",
                            "a typo");
            assertThat(edited.status()).as(edited.err()).isZero();
            Programs.Finished retried =
                    run(
                            service,
                            "quarantine",
                            "retry",
                            Long.toString(one),
                            "--as",
                            "ada",
                            "--why",
                            "mended");
            assertThat(retried.status()).as(retried.err()).isZero();
            database.awaitCount("select count(*) from entry where account_id = 'one'", 2);

            requireOneStory(service, collector);

            String two = Long.toString(idOf(service, "two"));
            assertThat(run(service, "quarantine", "discard", two, "--as", "bob").status())
                    .isEqualTo(2);
            assertThat(
                            run(
                                            service,
                                            "quarantine",
                                            "discard",
                                            two,
                                            "--as",
                                            "bob",
                                            "--why",
                                            "a test event")
                                    .status())
                    .isZero();
            database.awaitCount("select count(*) from entry where account_id = 'two'", 1);
            Programs.Finished again = run(service, "quarantine", "retry", two, "--as", "ada");
            assertThat(again.status()).isEqualTo(1);
            assertThat(again.err()).contains("bob");

            assertThat(run(service, "audit-log").out())
                    .contains("ada", "mended", "bob", "a test event");
            Programs.Finished audit =
                    run(service, "audit", "--stream", "ledger-entries", "--subscription", "ledger");
            assertThat(audit.status()).as(audit.out()).isZero();
            assertThat(audit.out()).contains("applied  3", "discarded  1");
        }
    }

    /** Tables, kept spans, and what a collector got: each tells the same of the mended event. */
    private void requireOneStory(ServiceProcess service, SpanCollector collector) {
        await().untilAsserted(() ->
                assertThat(traces(service, "messageId=bad-one")).contains(":\"applied\""));
        JsonNode told =
                JsonMapper.shared().readTree(run(service, "trace", "bad-one", "-o", "json").out());
        JsonNode life = told.at("/subscriptions/0");
        assertThat(values(life.get("moments"), "what")).isEqualTo(LIFE);
        JsonNode trace = told.at("/traces/0");
        assertThat(told.get("traces").size()).isOne();
        assertThat(trace.get("traceId")).isEqualTo(life.get("traceId"));
        List<JsonNode> spans = trace.get("spans").valueStream().toList();
        assertThat(spans).extracting(OperationCommandsTest::words).isEqualTo(SPANS);

        List<String> ids = values(trace.get("spans"), "spanId");
        assertThat(spans.getFirst().has("parentId")).isFalse();
        assertThat(spans.get(1).get("parentId").asString()).isEqualTo(ids.getFirst());
        assertThat(spans.subList(2, spans.size()))
                .as("what becomes of it is below its publication")
                .allMatch(span -> span.get("parentId").asString().equals(ids.get(1)));
        for (int i = 3; i < spans.size(); i++) {
            assertThat(values(spans.get(i).get("links"), "spanId"))
                    .as("%s follows from the one before it", words(spans.get(i)))
                    .contains(ids.get(i - 1));
        }
        requireTransactions(service, spans);

        Programs.Finished shown = run(service, "trace", "bad-one");
        assertThat(shown.out().lines().map(String::strip))
                .anyMatch(line -> line.matches(".* {2}edit +by ada; why: a typo.*"))
                .anyMatch(line -> line.matches(".* {6}process ledger-entries +.*quarantined.*"));
        List<JsonNode> behind =
                JsonMapper.shared()
                        .readTree(traces(service, "messageId=behind-one"))
                        .at("/traces/0/spans")
                        .valueStream()
                        .toList();
        assertThat(behind)
                .extracting(OperationCommandsTest::words)
                .containsExactly(
                        SPANS.get(0),
                        SPANS.get(1),
                        "process ledger-entries: parked",
                        "process ledger-entries: applied");

        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() ->
                        assertThat(collector.spans())
                                .filteredOn(span ->
                                        span.traceId().equals(trace.get("traceId").asString()))
                                .extracting(SpanCollector.Received::spanId)
                                .containsExactlyInAnyOrderElementsOf(ids));
    }

    /** Each try is linked to the transaction in which it was made, which links back. */
    private void requireTransactions(ServiceProcess service, List<JsonNode> spans) {
        for (JsonNode span : spans) {
            if (span.get("name").asString().startsWith("process")) {
                JsonNode link = span.at("/links/0");
                JsonNode transaction =
                        JsonMapper.shared()
                                .readTree(
                                        traces(
                                                service,
                                                "traceId=" + link.get("traceId").asString()))
                                .at("/traces/0/spans/0");
                assertThat(transaction.get("name").asString())
                        .isEqualTo("transaction ledger-entries");
                assertThat(transaction.get("spanId")).isEqualTo(link.get("spanId"));
                assertThat(values(transaction.get("links"), "spanId"))
                        .contains(span.get("parentId").asString());
            }
        }
    }

    private static String traces(ServiceProcess service, String query) {
        return Http.get(service.management().resolve("/ops/v1/traces?" + query)).body();
    }

    private static List<String> values(JsonNode list, String member) {
        return list.valueStream().map(each -> each.get(member).asString()).toList();
    }

    private static String words(JsonNode span) {
        JsonNode attributes = span.get("attributes");
        String words = span.get("name").asString();
        if (attributes.has("millrace.outcome")) {
            words += ": " + attributes.get("millrace.outcome").asString();
        }
        return attributes.has("millrace.attempt")
                ? words + ", attempt " + attributes.get("millrace.attempt").asString()
                : words;
    }

    private long idOf(ServiceProcess service, String key) {
        JsonNode list =
                JsonMapper.shared()
                        .readTree(
                                run(service, "quarantine", "list", "--key", key, "-o", "json")
                                        .out());
        assertThat(list.get("events").size()).isEqualTo(1);
        return list.at("/events/0/id").asLong();
    }

    private Programs.Finished run(ServiceProcess service, String... command) {
        String[] arguments = new String[command.length + 2];
        System.arraycopy(command, 0, arguments, 0, command.length);
        arguments[command.length] = "--url";
        arguments[command.length + 1] = service.management().toString();
        return Programs.run(Programs.service(Map.of(), arguments), folder);
    }

    private static void send(ServiceProcess service, String messageId, String key, long amount) {
        assertThat(Prober.post(service.gate(), report(messageId, key, amount)).status())
                .isEqualTo(202);
    }

    private static Report report(String messageId, String key, long amount) {
        return new Report(messageId, key, "credit", amount, "CZK", Instant.EPOCH, "operations");
    }

    private static void execute(Site site, String sql) throws SQLException {
        try (Connection connection = site.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
