package dev.millrace.adapters.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.adapters.http.answers.ProblemType;

import io.swagger.v3.parser.OpenAPIV3Parser;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The document is what it should be, and its judge lets nothing else pass. */
final class OpenApiTest {

    private static final Contract CONTRACT = Contract.ofTheGate();
    private static final String EVENTS = RunningGate.LEDGER;
    private static final String ACCOUNT = "/v1/accounts/576";
    private static final String BALANCE =
            "{\"accountId\":\"576\",\"balanceMinor\":1,\"currency\":\"CZK\",\"entries\":1,\"version\":1}";

    @Test
    void the_document_is_openapi() {
        assertThat(new OpenAPIV3Parser().readContents(CONTRACT.text()).getMessages()).isEmpty();
        assertThat(CONTRACT.document().path("openapi").asString()).startsWith("3.1.");
    }

    @Test
    void the_document_has_each_kind_of_problem() {
        assertThat(CONTRACT.document().at("/components/schemas/ProblemType/enum"))
                .extracting(JsonNode::asString)
                .containsExactlyElementsOf(
                        Stream.of(ProblemType.values()).map(ProblemType::uri).toList());
    }

    @Test
    void the_limits_that_are_told_are_the_defaults() {
        GateLimits limits = GateLimits.DEFAULT;

        assertThat(CONTRACT.document().at("/info/description").asString())
                .contains(
                        limits.maxBodyBytes() + " bytes and " + limits.maxItems() + " events",
                        "an event " + limits.maxEventBytes() + " bytes",
                        "together " + limits.maxHeaderBytes() + " bytes",
                        "within " + limits.bodyDeadline().toSeconds() + " seconds");
    }

    @Test
    void each_example_is_valid() {
        List<String> checked = new ArrayList<>();
        checkExamples("", CONTRACT.document(), checked);

        assertThat(checked).hasSizeGreaterThan(10);
    }

    /** An example stands beside its schema; a line of a text has one of its own. */
    private static void checkExamples(String pointer, JsonNode node, List<String> checked) {
        node.properties()
                .forEach(member -> {
                    String name = member.getKey();
                    String place = pointer + "/" + name.replace("~", "~0").replace("/", "~1");
                    JsonNode value = member.getValue();
                    if (name.equals("example") && node.has("x-line-schema")) {
                        value.asString()
                                .lines()
                                .forEach(line ->
                                        checkExample(
                                                pointer + "/x-line-schema",
                                                Answer.json(line),
                                                checked));
                    } else if (name.equals("example")) {
                        checkExample(pointer + "/schema", value, checked);
                    } else if (name.equals("examples") && value.isObject()) {
                        value.forEach(example ->
                                checkExample(pointer + "/schema", example.path("value"), checked));
                    } else if (name.equals("examples")) {
                        value.forEach(example -> checkExample(pointer, example, checked));
                    } else {
                        checkExamples(place, value, checked);
                    }
                });
    }

    private static void checkExample(String schema, JsonNode example, List<String> checked) {
        assertThat(CONTRACT.errors(schema, example)).as(schema).isEmpty();
        checked.add(schema);
    }

    @Test
    void the_page_takes_everything_from_the_gate() {
        try (RunningGate gate = RunningGate.start()) {
            Answer page = gate.get("/docs");
            String html = page.whole().body();

            assertThat(gate.get("/openapi.json").body()).isEqualTo(CONTRACT.document());
            assertThat(page.header("Content-Security-Policy"))
                    .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
                    .doesNotContain("unsafe", "http");
            assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
            assertThat(html)
                    .doesNotContain("://", "style=", "<style", " onload")
                    .doesNotContainPattern("<script(?![^>]* src=)");
            List<String> loaded =
                    Pattern.compile("(?:src|href)=\"([^\"]+)\"")
                            .matcher(html)
                            .results()
                            .map(match -> match.group(1))
                            .toList();
            assertThat(loaded).hasSize(5);
            for (String file : loaded) {
                assertThat(gate.get("/" + file).status()).as(file).isEqualTo(200);
            }
            assertThat(gate.get("/docs/start.js").whole().body())
                    .contains("url: \"openapi.json\"", "validatorUrl: null")
                    .doesNotContain("://");
        }
    }

    private static Exchange problem(String method, String target, int status, String type) {
        return problem(method, target, status, type, Map.of());
    }

    private static Exchange problem(
            String method,
            String target,
            int status,
            String type,
            Map<String, List<String>> headers) {
        Map<String, List<String>> all = new HashMap<>(headers);
        all.put("Content-Type", List.of("application/problem+json"));
        return new Exchange(
                method,
                target,
                "",
                status,
                all,
                "{\"type\":\"urn:millrace:problem:%s\",\"title\":\"t\",\"status\":%d,\"detail\":\"d\"}"
                        .formatted(type, status));
    }

    private static Exchange json(String target, String body) {
        return new Exchange(
                "GET", target, "", 200, Map.of("Content-Type", List.of("application/json")), body);
    }

    @Test
    void what_is_documented_passes() {
        assertThat(CONTRACT.judge(json(ACCOUNT, BALANCE))).hasSize(1);
        assertThat(CONTRACT.judge(problem("GET", ACCOUNT, 404, "not-found"))).hasSize(1);
        assertThat(CONTRACT.judge(problem("GET", "/nowhere", 404, "unknown-route"))).hasSize(1);
    }

    static Stream<Exchange> undocumented() {
        Map<String, List<String>> wait = Map.of("Retry-After", List.of("1"));
        return Stream.of(
                // a status
                problem("GET", ACCOUNT, 409, "other"),
                problem("POST", EVENTS, 502, "other"),
                json("/nowhere", "{}"),
                // a problem of another status or operation, or of no kind at all
                problem("GET", ACCOUNT, 404, "unknown-stream"),
                problem("GET", ACCOUNT, 429, "not-stored", wait),
                problem("POST", EVENTS, 404, "unknown-route"),
                problem("GET", "/nowhere", 404, "not-found"),
                problem("GET", ACCOUNT, 400, "invented"),
                // a header that is missing, wrong, or too many
                problem("GET", ACCOUNT, 429, "too-busy"),
                problem("GET", ACCOUNT, 429, "too-busy", Map.of("Retry-After", List.of("soon"))),
                problem("GET", ACCOUNT, 404, "not-found", wait),
                problem("GET", EVENTS, 405, "method-not-allowed"),
                problem("GET", EVENTS, 405, "method-not-allowed", Map.of("Allow", List.of("PUT"))),
                // a body of another type, with another field, without one, of another form
                new Exchange(
                        "GET", ACCOUNT, "", 200, Map.of("Content-Type", List.of("text/html")), ""),
                json(ACCOUNT, BALANCE.replace("}", ",\"owner\":\"x\"}")),
                json(ACCOUNT, BALANCE.replace("\"currency\":\"CZK\",", "")),
                json(ACCOUNT, BALANCE.replace("\"CZK\"", "\"czk\"")));
    }

    @ParameterizedTest
    @MethodSource("undocumented")
    void what_is_not_documented_is_refused(Exchange exchange) {
        assertThatThrownBy(() -> CONTRACT.judge(exchange))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("see openapi.json");
    }
}
