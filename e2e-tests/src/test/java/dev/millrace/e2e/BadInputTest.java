package dev.millrace.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Bad input to the running service: each rule of the event broken once gets its documented answer,
 * and nothing of it is stored. The whole catalogue is in the tests of {@code adapters-http}.
 */
class BadInputTest {

    private static final String GOOD =
            """
            {"accountId":"bad-input","type":"credit","amountMinor":1,"currency":"CZK",\
            "occurredAt":"1993-01-01T00:00:00Z"}\
            """;

    @TempDir private static Path folder;
    private static Site site;
    private static ServiceProcess service;

    /** A request, and what must be answered. */
    private record Bad(String name, String type, String body, int status, List<String> fields) {}

    @BeforeAll
    static void start() {
        site = Site.on(Stacks.shared(), BadInputTest.class);
        service =
                ServiceProcess.ready(
                        site,
                        folder,
                        Map.of(
                                "MILLRACE_GATE_MAX_BODY",
                                "128KiB",
                                "MILLRACE_GATE_MAX_ITEMS",
                                "10"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @TestFactory
    Stream<DynamicTest> each_rule_broken_once_names_its_field() {
        return Stream.of(
                        field(
                                "a missing account",
                                "\"accountId\":\"bad-input\",",
                                "",
                                "/accountId"),
                        field("an account with a space", "bad-input", "bad input", "/accountId"),
                        field("an unknown type", "\"credit\"", "\"gift\"", "/type"),
                        field("no amount at all", ":1,", ":0,", "/amountMinor"),
                        field("a fraction", ":1,", ":1.0,", "/amountMinor"),
                        field("an amount in words", ":1,", ":\"1\",", "/amountMinor"),
                        field("too large an amount", ":1,", ":9007199254740992,", "/amountMinor"),
                        field("a currency of two letters", "CZK", "CZ", "/currency"),
                        field("a day that is none", "1993-01-01", "1993-02-30", "/occurredAt"),
                        field("the year zero", "1993-01-01", "0000-01-01", "/occurredAt"),
                        field("an unknown field", "{", "{\"amount\":1,", "/amount"),
                        field("a null", "\"CZK\"", "null", "/currency"),
                        field("U+0000", "{", "{\"description\":\"\\u0000\",", "/description"),
                        field(
                                "a lone surrogate",
                                "{",
                                "{\"description\":\"\\ud800\",",
                                "/description"),
                        field("a bad message ID", "{", "{\"messageId\":\"a b\",", "/messageId"),
                        new Bad(
                                "broken JSON",
                                "application/json",
                                "{\"accountId\":",
                                400,
                                List.of()),
                        new Bad("two documents", "application/json", GOOD + GOOD, 400, List.of()),
                        new Bad("no item", "application/json", "[]", 400, List.of()),
                        new Bad("plain text", "text/plain", GOOD, 415, List.of()),
                        new Bad("Latin", "application/json;charset=latin1", GOOD, 415, List.of()),
                        new Bad(
                                "a large body",
                                "application/json",
                                "{\"a\":" + "9".repeat(140_000),
                                413,
                                List.of()),
                        new Bad(
                                "many items",
                                "application/x-ndjson",
                                "{}\n".repeat(11),
                                413,
                                List.of()))
                .map(bad -> DynamicTest.dynamicTest(bad.name(), () -> check(bad)));
    }

    private static Bad field(String name, String good, String broken, String pointer) {
        assertThat(GOOD).contains(good);
        int at = GOOD.indexOf(good);
        String body = GOOD.substring(0, at) + broken + GOOD.substring(at + good.length());
        return new Bad(name, "application/json", body, 400, List.of(pointer));
    }

    private static void check(Bad bad) {
        Http.Answer answer =
                Http.post(
                        service.gate().resolve("/v1/streams/ledger-entries/events"),
                        bad.type(),
                        bad.body());
        assertThat(answer.status()).as(answer.body()).isEqualTo(bad.status());
        assertThat(answer.contentType()).startsWith("application/problem+json");
        JsonNode problem = answer.json();
        assertThat(problem.get("type").asString()).startsWith("urn:millrace:problem:");
        if (!bad.fields().isEmpty()) {
            assertThat(problem.get("errors").findValuesAsString("field"))
                    .containsExactlyElementsOf(bad.fields());
        }
    }

    @Test
    void everything_that_is_wrong_is_told_at_once_and_nothing_is_stored() {
        Http.Answer answer =
                Http.post(
                        service.gate().resolve("/v1/streams/ledger-entries/events"),
                        "application/json",
                        "{\"type\":\"gift\",\"amountMinor\":-1,\"currency\":\"crown\"}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().get("errors").findValuesAsString("field"))
                .containsExactlyInAnyOrder(
                        "/accountId", "/type", "/amountMinor", "/currency", "/occurredAt");
        assertThat(new Database(site).count("select count(*) from inbox_record")).isZero();
    }
}
