package dev.millrace.adapters.http;

import static dev.millrace.adapters.http.Entries.with;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Each rule and each limit broken once: the documented status, type and field, and never a 5xx. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class BadRequestsTest {

    private static final String JSON = "application/json";

    @AutoClose private final RunningGate gate = RunningGate.start();

    @AfterAll
    void nothing_is_stored() {
        assertThat(gate.topic.stored()).isEmpty();
    }

    /**
     * @param body each character one byte
     */
    record Bad(
            String what,
            String contentType,
            String body,
            Map<String, String> headers,
            int status,
            String type,
            List<String> fields) {

        private static String latin1(byte[] bytes) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }

        static Bad body(String what, String body, String type) {
            return bytes(what, body.getBytes(StandardCharsets.UTF_8), type);
        }

        static Bad bytes(String what, byte[] body, String type) {
            return new Bad(what, JSON, latin1(body), Map.of(), 400, type, List.of());
        }

        static Bad field(String field, String value, String... more) {
            List<String> pairs = new ArrayList<>(List.of(field, value));
            pairs.addAll(List.of(more));
            String body = with(pairs.toArray(String[]::new));
            return event(
                    field + " = " + (value.length() > 60 ? value.substring(0, 60) + "…" : value),
                    body,
                    "/" + field);
        }

        static Bad event(String what, String body, String... fields) {
            return new Bad(
                    what,
                    JSON,
                    latin1(body.getBytes(StandardCharsets.UTF_8)),
                    Map.of(),
                    400,
                    "invalid-event",
                    List.of(fields));
        }

        static Bad media(String type) {
            return new Bad(
                    "Content-Type: " + type,
                    type,
                    with(),
                    Map.of(),
                    415,
                    "unsupported-media-type",
                    List.of());
        }

        static Bad encoding(String encoding) {
            return new Bad(
                    "Content-Encoding: " + encoding,
                    JSON,
                    with(),
                    Map.of("Content-Encoding", encoding),
                    415,
                    "unsupported-media-type",
                    List.of());
        }

        @Override
        public String toString() {
            return what + " → " + status;
        }
    }

    static Stream<Bad> requests() {
        return Stream.of(rules(), shapes(), syntax(), media()).flatMap(List::stream);
    }

    private static List<Bad> rules() {
        List<Bad> bad = new ArrayList<>();
        for (String field : List.of("accountId", "type", "amountMinor", "currency", "occurredAt")) {
            bad.add(Bad.field(field, ""));
        }
        for (String field :
                List.of(
                        "messageId",
                        "accountId",
                        "type",
                        "currency",
                        "occurredAt",
                        "description")) {
            for (String value :
                    List.of("null", "1", "1.5", "true", "{}", "[\"576\"]", "[[{\"a\":1}]]")) {
                bad.add(Bad.field(field, value));
            }
            bad.add(Bad.field(field, "\"a\\u0000\""));
            bad.add(Bad.field(field, "\"\\uD800\""));
            bad.add(Bad.field(field, "\"\\uDC00\\uD800\""));
        }
        for (String field : List.of("messageId", "accountId")) {
            for (String value :
                    List.of("", " ", "a b", "a/b", "ž", "a,b", "a%41", "x".repeat(201))) {
                bad.add(Bad.field(field, "\"" + value + "\""));
            }
        }
        for (String value : List.of("", "Credit", "transfer", " credit")) {
            bad.add(Bad.field("type", "\"" + value + "\""));
        }
        for (String value : List.of("", "czk", "CZ", "CZKK", "C1K", "ŽŽŽ")) {
            bad.add(Bad.field("currency", "\"" + value + "\""));
        }
        for (String value :
                List.of(
                        "0",
                        "-1",
                        "-0",
                        "1.0",
                        "1e3",
                        "1E0",
                        "0.5",
                        "9007199254740992",
                        "9223372036854775807",
                        "9223372036854775808",
                        "-9223372036854775809",
                        "1234567890123456789012345678901234567890",
                        "null",
                        "true",
                        "\"1\"",
                        "\"\"",
                        "{}",
                        "[]",
                        "[1]")) {
            bad.add(Bad.field("amountMinor", value));
        }
        for (String value :
                List.of(
                        "",
                        "1993-01-01",
                        "1993-01-01T00:00:00",
                        "1993-01-01 00:00:00Z",
                        "1993-1-1T00:00:00Z",
                        "1993-02-29T00:00:00Z",
                        "1993-13-01T00:00:00Z",
                        "1993-01-01T24:00:00Z",
                        "1993-01-01T23:60:00Z",
                        "2016-12-31T23:59:60Z",
                        "1993-01-01T00:00Z",
                        "1993-01-01T00:00:00+25:00",
                        "1993-01-01T00:00:00+0100",
                        "1993-01-01T00:00:00.Z",
                        "1993-01-01T00:00:00.0000001Z",
                        "1993-01-01T00:00:00.1234567890Z",
                        "0000-12-31T23:59:59Z",
                        "0001-01-01T00:00:00+00:01",
                        "9999-12-31T23:59:59-00:01",
                        "+10000-01-01T00:00:00Z",
                        "10000-01-01T00:00:00Z",
                        "-0001-01-01T00:00:00Z",
                        "728000000",
                        "now")) {
            bad.add(Bad.field("occurredAt", "\"" + value + "\""));
        }
        bad.add(Bad.field("description", "\"" + "x".repeat(501) + "\""));
        return bad;
    }

    private static List<Bad> shapes() {
        return List.of(
                Bad.event(
                        "everything wrong at once",
                        "{\"messageId\":\"\",\"type\":\"x\",\"amountMinor\":0,\"currency\":\"c\",\"occurredAt\":\"t\","
                            + "\"description\":null,\"accountID\":\"1\",\"a/b~c\":1}",
                        "/messageId",
                        "/accountId",
                        "/type",
                        "/amountMinor",
                        "/currency",
                        "/occurredAt",
                        "/description",
                        "/accountID",
                        "/a~1b~0c"),
                Bad.event(
                        "an empty object",
                        "{}",
                        "/accountId",
                        "/type",
                        "/amountMinor",
                        "/currency",
                        "/occurredAt"),
                Bad.event("an unknown field", with("colour", "{\"deep\":[1,{}]}"), "/colour"),
                Bad.body("a name that is a lone surrogate", with("\\uD800", "1"), "invalid-body"),
                Bad.event(
                        "a field given twice",
                        with().replace("{", "{\"currency\":\"CZK\","),
                        "/currency"),
                Bad.event(
                        "the message ID given twice",
                        with().replace("{", "{\"messageId\":\"a\",\"messageId\":\"a\","),
                        "/messageId"),
                Bad.event("more members than an event may have", with(manyFields(200)), ""),
                Bad.body("nothing", "", "no-event"),
                Bad.body("blanks", " \r\n\t ", "no-event"),
                Bad.body("an empty array", "[]", "no-event"),
                Bad.body("a string", "\"event\"", "invalid-body"),
                Bad.body("a number", "17", "invalid-body"),
                Bad.body("null", "null", "invalid-body"),
                Bad.body("true", "true", "invalid-body"),
                new Bad(
                        "blank lines",
                        "application/x-ndjson",
                        "\n\r\n  \n",
                        Map.of(),
                        400,
                        "no-event",
                        List.of()),
                new Bad(
                        "an event too large",
                        JSON,
                        with("description", "\"" + "x".repeat(65_536) + "\""),
                        Map.of(),
                        413,
                        "event-too-large",
                        List.of()),
                new Bad(
                        "a body too large",
                        JSON,
                        " ".repeat((16 << 20) + 1),
                        Map.of(),
                        413,
                        "body-too-large",
                        List.of()));
    }

    private static String[] manyFields(int count) {
        String[] fields = new String[2 * count];
        for (int i = 0; i < count; i++) {
            fields[2 * i] = "f" + i;
            fields[2 * i + 1] = "1";
        }
        return fields;
    }

    private static List<Bad> syntax() {
        List<Bad> bad = new ArrayList<>();
        for (String body :
                List.of(
                        "{",
                        "}",
                        "[",
                        "]",
                        "{\"a\"}",
                        "{\"a\":}",
                        "{\"a\":1,}",
                        "{a:1}",
                        "{'a':1}",
                        "{\"a\":01}",
                        "{\"a\":+1}",
                        "{\"a\":.5}",
                        "{\"a\":1.}",
                        "{\"a\":NaN}",
                        "{\"a\":Infinity}",
                        "{\"a\":0x10}",
                        "{\"a\":tru}",
                        "{\"a\":\"\t\"}",
                        "{\"a\":\"\\x\"}",
                        "{\"a\":\"\\u12\"}",
                        "{\"a\":\"",
                        "// x\n{}",
                        "{}/* x */",
                        "[,{}]",
                        "[}",
                        "[\"",
                        "[{\"a\":[1}",
                        "nonsense",
                        "\"",
                        "{\"a\":\"\n\"}",
                        "\u0000{}",
                        "{}\u0000",
                        "<event/>")) {
            bad.add(Bad.body("syntax: " + body, body, "invalid-body"));
        }
        String event = with();
        bad.add(Bad.body("two objects", event + event, "invalid-body"));
        bad.add(Bad.body("an object and more", event + " x", "invalid-body"));
        bad.add(Bad.body("an array that goes on", "[1,]", "nothing-accepted"));
        bad.add(Bad.body("an array without an end", "[{}", "nothing-accepted"));
        bad.add(Bad.body("an array without a comma", "[1 2]", "nothing-accepted"));
        bad.add(Bad.body("two arrays", "[1][]", "nothing-accepted"));
        bad.add(
                Bad.body(
                        "nested too deep",
                        "{\"a\":" + "[".repeat(17) + "]".repeat(17) + "}",
                        "invalid-body"));
        bad.add(Bad.body("a number too long", with("amountMinor", "1".repeat(41)), "invalid-body"));
        bad.add(Bad.body("a name too long", with("n".repeat(257), "1"), "invalid-body"));
        bad.add(Bad.bytes("UTF-16", event.getBytes(StandardCharsets.UTF_16BE), "invalid-body"));
        bad.add(
                Bad.bytes(
                        "UTF-16, little end first",
                        event.getBytes(StandardCharsets.UTF_16LE),
                        "invalid-body"));
        bad.add(Bad.bytes("UTF-32", event.getBytes(StandardCharsets.UTF_32BE), "invalid-body"));
        bad.add(Bad.body("a byte order mark", "\uFEFF" + event, "invalid-body"));
        bad.add(
                Bad.bytes(
                        "Latin 1",
                        with("description", "\"ü é\"").getBytes(StandardCharsets.ISO_8859_1),
                        "invalid-body"));
        for (String hex :
                List.of("FF", "C0AF", "C3", "E282", "EDA080", "F5808080", "F08080AF", "80")) {
            byte[] broken = HexFormat.of().parseHex(hex);
            byte[] whole = with("description", "\"@\"").getBytes(StandardCharsets.UTF_8);
            int at = new String(whole, StandardCharsets.UTF_8).indexOf('@');
            byte[] body = new byte[whole.length - 1 + broken.length];
            System.arraycopy(whole, 0, body, 0, at);
            System.arraycopy(broken, 0, body, at, broken.length);
            System.arraycopy(whole, at + 1, body, at + broken.length, whole.length - at - 1);
            bad.add(Bad.bytes("the bytes " + hex, body, "invalid-body"));
        }
        return bad;
    }

    private static List<Bad> media() {
        return List.of(
                Bad.media(""),
                Bad.media("text/plain"),
                Bad.media("application/jsonx"),
                Bad.media("application/problem+json"),
                Bad.media("application/x-www-form-urlencoded"),
                Bad.media("multipart/form-data; boundary=x"),
                Bad.media("application/json; charset=iso-8859-1"),
                Bad.media("application/json; charset=utf-16"),
                Bad.media("application/json; charset"),
                Bad.media("application/json charset=utf-8"),
                Bad.encoding("deflate"),
                Bad.encoding("gzip, gzip"),
                Bad.encoding("br"),
                Bad.encoding("identity, gzip"),
                Bad.encoding("nonsense"));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void a_bad_request_is_told_what_is_wrong(Bad bad) {
        String[] headers =
                bad.headers().entrySet().stream()
                        .flatMap(header -> Stream.of(header.getKey(), header.getValue()))
                        .toArray(String[]::new);

        Answer answer =
                gate.post(
                        RunningGate.LEDGER,
                        bad.contentType(),
                        bad.body().getBytes(StandardCharsets.ISO_8859_1),
                        headers);

        answer.isProblem(bad.status(), bad.type());
        assertThat(answer.errorFields()).containsExactlyElementsOf(bad.fields());
    }

    @Test
    void a_syntax_error_is_told_by_line_and_column_without_quoting_the_body() {
        Answer answer = gate.json("{\n  \"secret\": 1,\n  oops\n}").isProblem(400, "invalid-body");

        assertThat(answer.text("/detail"))
                .contains("line 3, column 3")
                .doesNotContain("secret", "oops");
    }

    @Test
    void what_is_no_event_is_counted_once_as_invalid() {
        int before = gate.measurements.ingested().getOrDefault("ledger-entries invalid", 0);

        gate.json("{");
        gate.json("{}");

        assertThat(gate.measurements.ingested())
                .containsEntry("ledger-entries invalid", before + 2);
    }

    @Test
    void the_streams_there_are_are_told_to_whoever_asks_for_another() {
        Answer answer =
                gate.post("/v1/streams/ledger/events", JSON, with())
                        .isProblem(404, "unknown-stream");

        assertThat(answer.text("/detail")).contains("counter, ledger-entries");
    }

    @Test
    void a_415_says_what_is_read_here() {
        Answer answer = gate.post(RunningGate.LEDGER, "text/plain", "x");

        assertThat(answer.header("Accept-Post"))
                .isEqualTo(
                        "application/json, application/x-ndjson, application/cloudevents+json,"
                                + " application/cloudevents-batch+json");
        assertThat(answer.header("Accept-Encoding")).isEqualTo("gzip, identity");
    }

    @Test
    void another_path_is_404_and_another_method_405() {
        gate.get("/").isProblem(404, "unknown-route");
        gate.get("/v2/streams").isProblem(404, "unknown-route");
        gate.post(RunningGate.LEDGER + "/", JSON, with()).isProblem(404, "unknown-route");
        Answer get = gate.get(RunningGate.LEDGER).isProblem(405, "method-not-allowed");
        assertThat(get.header("Allow")).isEqualTo("POST");
        for (String method : List.of("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE")) {
            Answer answer =
                    gate.send(
                            gate.request(RunningGate.LEDGER)
                                    .method(method, HttpRequest.BodyPublishers.noBody()));
            assertThat(answer.status()).as(method).isIn(405, 501);
            assertThat(answer.contentType()).isEqualTo("application/problem+json");
        }
    }
}
