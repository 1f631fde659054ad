package dev.millrace.adapters.http;

import static dev.millrace.adapters.http.Entries.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** What the gate answers to unusual HTTP: the rows of the table in {@code docs/gate.md}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HttpStrictnessTest {

    private static final String HOST = "Host: gate\r\n";
    private static final String JSON = "Content-Type: application/json\r\n";
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";
    private static final String BODY = entry("m", "1");
    private static final String LENGTH = length(BODY.length());
    private static final String CHUNK = Integer.toHexString(BODY.length()) + "\r\n" + BODY + "\r\n";
    private static final Duration DEADLINE = Duration.ofSeconds(1);

    @AutoClose
    private final RunningGate gate = RunningGate.start(LimitsTest.withBodyDeadline(DEADLINE));

    /**
     * @param what is sent, as the page has it
     * @param type of the problem; empty for an event that is accepted
     * @param open whether the connection lives on
     */
    record Row(String what, String request, int status, String type, boolean open) {

        static Row accepted(String what, String request) {
            return new Row(what, request, 202, "", true);
        }

        static Row closed(String what, int status, String type, String request) {
            return new Row(what, request, status, type, false);
        }

        static Row open(String what, int status, String type, String request) {
            return new Row(what, request, status, type, true);
        }

        @Override
        public String toString() {
            return "| %s | %d%s | %s |"
                    .formatted(
                            what,
                            status,
                            type.isEmpty() ? "" : " `" + type + "`",
                            open ? "open" : "closed");
        }
    }

    private static String headers(String... lines) {
        return String.join("\r\n", lines) + "\r\n";
    }

    private static String length(Object value) {
        return "Content-Length: " + value + "\r\n";
    }

    /** A whole POST with a good event, and these headers besides. */
    private static String post(String path, String headers) {
        return "POST " + path + " HTTP/1.1\r\n" + HOST + JSON + headers + LENGTH + "\r\n" + BODY;
    }

    /** The head of a POST to the stream, and what follows. */
    private static String framed(String headers, String rest) {
        return "POST "
                + RunningGate.LEDGER
                + " HTTP/1.1\r\n"
                + HOST
                + JSON
                + headers
                + "\r\n"
                + rest;
    }

    private static String bare(String line, String headers) {
        return line + " HTTP/1.1\r\n" + HOST + headers + "\r\n";
    }

    private static String get(String path) {
        return bare("GET " + path, "");
    }

    private static String packed(String body) {
        return framed("Content-Encoding: gzip\r\n" + length(body.length()), body);
    }

    private static String gzip(String text) {
        return new String(
                FuzzInput.gzip(text.getBytes(StandardCharsets.UTF_8)), StandardCharsets.ISO_8859_1);
    }

    private static final String STREAM = RunningGate.LEDGER;
    private static final String MALFORMED = "malformed-request";

    static Stream<Row> rows() {
        return Stream.of(
                        versions(),
                        methods(),
                        paths(),
                        heads(),
                        types(),
                        lengths(),
                        codings(),
                        chunks())
                .flatMap(List::stream);
    }

    private static List<Row> versions() {
        return List.of(
                Row.closed(
                        "HTTP/2 by its preface `PRI * HTTP/2.0`",
                        426,
                        "http-version",
                        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                Row.closed(
                        "`HTTP/2.0` in the request line",
                        426,
                        "http-version",
                        "GET / HTTP/2.0\r\n" + HOST + "\r\n"),
                Row.accepted(
                        "`Upgrade: h2c` (answered in HTTP/1.1)",
                        post(
                                STREAM,
                                headers("Connection: Upgrade, HTTP2-Settings")
                                        + "Upgrade: h2c\r\n"
                                        + "HTTP2-Settings: AAMAAABkAAQAAP__\r\n")),
                Row.open(
                        "`Upgrade: websocket`",
                        404,
                        "unknown-route",
                        bare(
                                "GET /",
                                headers("Connection: Upgrade")
                                        + "Sec-WebSocket-Version: 13\r\n"
                                        + "Upgrade: websocket\r\n")),
                new Row(
                        "HTTP/1.0",
                        "POST " + STREAM + " HTTP/1.0\r\n" + JSON + LENGTH + "\r\n" + BODY,
                        202,
                        "",
                        false),
                Row.closed("HTTP/0.9", 505, "http-version", "GET /\r\n"),
                Row.closed(
                        "an unknown version",
                        505,
                        "http-version",
                        "GET / HTTP/9.9\r\n" + HOST + "\r\n"),
                Row.closed("TLS", 400, MALFORMED, "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc"),
                Row.closed("no HTTP at all", 400, MALFORMED, "nonsense\r\n\r\n"));
    }

    private static List<Row> methods() {
        return List.of(
                Row.open(
                        "another method on the path of events: `GET`, `PUT`, `OPTIONS`, `TRACE`, …",
                        405,
                        "method-not-allowed",
                        bare("TRACE " + STREAM, "")),
                Row.open(
                        "an invented method",
                        405,
                        "method-not-allowed",
                        bare("BREW " + STREAM, "")),
                Row.open(
                        "a method in lower case",
                        405,
                        "method-not-allowed",
                        bare("post " + STREAM, "")),
                Row.open("`OPTIONS *`", 404, "unknown-route", bare("OPTIONS *", "")),
                Row.open("`GET *`", 400, MALFORMED, bare("GET *", "")),
                Row.open(
                        "`CONNECT host:port`",
                        404,
                        "unknown-route",
                        "CONNECT gate:443 HTTP/1.1\r\nHost: gate:443\r\n\r\n"),
                Row.closed("`CONNECT` with a path", 400, MALFORMED, bare("CONNECT /", "")),
                Row.closed("a method with `(`", 400, MALFORMED, bare("GE(T /", "")),
                Row.closed(
                        "a method of 9,000 characters",
                        431,
                        "headers-too-large",
                        bare("X".repeat(9_000) + " /", "")));
    }

    private static List<Row> paths() {
        return List.of(
                Row.accepted(
                        "the absolute form with the same host", post("http://gate" + STREAM, "")),
                Row.open(
                        "the absolute form with another host",
                        400,
                        MALFORMED,
                        get("http://other/")),
                Row.accepted("a query, whatever it says", post(STREAM + "?a=%zz&b", "")),
                Row.accepted(
                        "letters that are needlessly encoded (`ledger%2Dentries`)",
                        post("/v1/streams/ledger%2Dentries/events", "")),
                Row.open("`%2F`", 400, MALFORMED, get("/v1/streams/a%2Fb")),
                Row.open("`%5C`", 400, MALFORMED, get("/v1/a%5Cb")),
                Row.open("a backslash", 400, MALFORMED, get("/v1\\a")),
                Row.open("`//`", 400, MALFORMED, get("//v1/streams")),
                Row.open(
                        "`..` that stays inside",
                        404,
                        "unknown-route",
                        post("/v1/streams/x/../ledger-entries/events", "")),
                Row.closed("`..` that leads outside", 400, MALFORMED, get("/../etc/passwd")),
                Row.open("`%2e%2e`", 400, MALFORMED, get("/v1/%2e%2e/v1")),
                Row.open(
                        "`;parameters` after the stream",
                        404,
                        "unknown-stream",
                        post("/v1/streams/ledger-entries;a=b/events", "")),
                Row.open("`;parameters` at the end", 404, "unknown-route", post(STREAM + ";a", "")),
                Row.open("a slash at the end", 404, "unknown-route", post(STREAM + "/", "")),
                Row.closed("NUL", 400, MALFORMED, get("/v1/\0")),
                Row.closed("`%00`", 400, MALFORMED, get("/v1/%00")),
                Row.closed("`%` without two digits", 400, MALFORMED, get("/v1/%zz")),
                Row.closed("the same in `;parameters`", 400, MALFORMED, get("/v1/streams/a;z%")),
                Row.closed("`%u0041`", 400, MALFORMED, get("/v1/%u0041")),
                Row.open("`%` of what is not UTF-8", 400, MALFORMED, get("/v1/%c0%af")),
                Row.open("a byte beyond ASCII", 400, MALFORMED, get("/v1/\u00e9")),
                Row.open("a fragment", 400, MALFORMED, get("/v1#a")),
                Row.closed("a blank", 400, MALFORMED, get("/a b")),
                Row.closed("no slash at the start", 400, MALFORMED, get("v1")),
                Row.closed("9,000 characters", 414, "uri-too-long", get("/" + "x".repeat(9_000))));
    }

    private static List<Row> heads() {
        return List.of(
                Row.closed("no `Host`", 400, MALFORMED, "GET / HTTP/1.1\r\n\r\n"),
                Row.closed("two of `Host`", 400, MALFORMED, bare("GET /", HOST)),
                Row.closed("an empty `Host`", 400, MALFORMED, "GET / HTTP/1.1\r\nHost:\r\n\r\n"),
                Row.open("100 headers", 404, "unknown-route", bare("GET /", "a: b\r\n".repeat(99))),
                Row.closed(
                        "101 headers",
                        431,
                        "headers-too-large",
                        bare("GET /", "a: b\r\n".repeat(100))),
                Row.closed(
                        "a head of more than 8 KiB",
                        431,
                        "headers-too-large",
                        bare("GET /", "a: " + "b".repeat(9_000) + "\r\n")),
                Row.closed("a header without colon", 400, MALFORMED, bare("GET /", "a\r\n")),
                Row.closed("a blank before the colon", 400, MALFORMED, bare("GET /", "a : b\r\n")),
                Row.closed(
                        "a header on two lines", 400, MALFORMED, bare("GET /", "a: b\r\n c\r\n")),
                Row.closed("NUL in a header", 400, MALFORMED, bare("GET /", "a: b\0c\r\n")),
                Row.closed("CR without LF", 400, MALFORMED, bare("GET /", "a: b\rc: d\r\n")),
                Row.closed("LF without CR", 400, MALFORMED, "GET / HTTP/1.1\nHost: gate\n\n"),
                Row.accepted("empty lines before the request", "\r\n\r\n" + post(STREAM, "")),
                Row.closed(
                        "an `Expect` other than `100-continue`",
                        417,
                        "expectation-failed",
                        post(STREAM, "Expect: tea\r\n")));
    }

    private static List<Row> types() {
        String type = "unsupported-media-type";
        String head = "POST " + STREAM + " HTTP/1.1\r\n" + HOST + LENGTH;
        return List.of(
                Row.open("no `Content-Type`", 415, type, head + "\r\n" + BODY),
                Row.open("two of `Content-Type`", 415, type, post(STREAM, JSON)),
                Row.open(
                        "another type",
                        415,
                        type,
                        head + "Content-Type: text/plain\r\n\r\n" + BODY),
                Row.accepted(
                        "`charset=utf-8`, in any case, quoted or not",
                        head + "Content-Type: Application/JSON ;charset=\"UTF-8\"\r\n\r\n" + BODY),
                Row.open(
                        "another `charset`",
                        415,
                        type,
                        head + "Content-Type: application/json; charset=latin1\r\n\r\n" + BODY),
                Row.open(
                        "parameters that cannot be read",
                        415,
                        type,
                        head + "Content-Type: application/json; charset\r\n\r\n" + BODY),
                Row.accepted(
                        "`Content-Encoding: identity`",
                        post(STREAM, "Content-Encoding: identity\r\n")),
                Row.accepted("`Content-Encoding: gzip`", packed(gzip(BODY))),
                Row.open(
                        "gzip that is damaged or cut off",
                        400,
                        "invalid-body",
                        packed(gzip(BODY).substring(0, 40))),
                Row.open(
                        "gzip of more than a body may have",
                        413,
                        "body-too-large",
                        packed(gzip(" ".repeat((16 << 20) + 1)))),
                Row.open(
                        "`Content-Encoding: br`, `deflate`, `zstd`, …",
                        415,
                        type,
                        post(STREAM, "Content-Encoding: br\r\n")),
                Row.open(
                        "two encodings, in one header or two",
                        415,
                        type,
                        post(STREAM, "Content-Encoding: identity\r\nContent-Encoding: gzip\r\n")));
    }

    private static List<Row> lengths() {
        return List.of(
                Row.open("neither length nor chunks", 400, "no-event", framed("", "")),
                Row.closed(
                        "two of `Content-Length`, equal or not",
                        400,
                        MALFORMED,
                        framed(LENGTH + LENGTH, BODY)),
                Row.closed("`Content-Length: 2, 2`", 400, MALFORMED, framed(length("2, 2"), "{}")),
                Row.closed("`Content-Length: -1`", 400, MALFORMED, framed(length("-1"), "")),
                Row.closed("`Content-Length: +2`", 400, MALFORMED, framed(length("+2"), "{}")),
                Row.closed("`Content-Length: 0x2`", 400, MALFORMED, framed(length("0x2"), "{}")),
                Row.closed(
                        "a `Content-Length` beyond 2^63",
                        400,
                        MALFORMED,
                        framed(length("99999999999999999999"), "{}")),
                Row.closed(
                        "a `Content-Length` of more than a body may have, and `Expect:"
                                + " 100-continue`",
                        413,
                        "body-too-large",
                        framed(length(Long.MAX_VALUE) + "Expect: 100-continue\r\n", "")),
                Row.closed(
                        "both `Content-Length` and `Transfer-Encoding`",
                        400,
                        MALFORMED,
                        framed(LENGTH + CHUNKED, CHUNK + "0\r\n\r\n")));
    }

    private static List<Row> codings() {
        return Stream.of("gzip", "gzip, chunked", "chunked, gzip", "chunked, chunked", "identity")
                .map(coding ->
                        Row.closed(
                                "`Transfer-Encoding: " + coding + "`",
                                400,
                                MALFORMED,
                                framed(
                                        "Transfer-Encoding: " + coding + "\r\n",
                                        CHUNK + "0\r\n\r\n")))
                .toList();
    }

    private static List<Row> chunks() {
        return List.of(
                Row.accepted("chunks", framed(CHUNKED, CHUNK + "0\r\n\r\n")),
                Row.accepted(
                        "chunks with extensions (ignored)",
                        framed(CHUNKED, CHUNK.replaceFirst("\r", ";a=b\r") + "0;c\r\n\r\n")),
                Row.accepted(
                        "chunks with trailers (ignored, also an `Idempotency-Key`)",
                        framed(CHUNKED, CHUNK + "0\r\nIdempotency-Key: z\r\n\r\n")),
                Row.closed(
                        "more than 100 headers and trailers",
                        400,
                        MALFORMED,
                        framed(CHUNKED, CHUNK + "0\r\n" + "a: b\r\n".repeat(101) + "\r\n")),
                Row.closed(
                        "a trailer without colon",
                        400,
                        MALFORMED,
                        framed(CHUNKED, CHUNK + "0\r\na\r\n\r\n")),
                Row.closed(
                        "a chunk's size that is no hexadecimal number",
                        400,
                        MALFORMED,
                        framed(CHUNKED, "zz\r\n{}\r\n0\r\n\r\n")),
                Row.closed(
                        "a chunk longer than its size",
                        400,
                        MALFORMED,
                        framed(CHUNKED, "1\r\n{}\r\n0\r\n\r\n")),
                Row.closed(
                        "a chunk's size whose bytes do not come",
                        408,
                        "body-too-slow",
                        framed(CHUNKED, "fffffff\r\n{}\r\n")));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void the_answer_to_unusual_http_is_the_documented_one(Row row) throws IOException {
        int stored = gate.topic.stored().size();
        try (RawConnection connection = new RawConnection(gate.port())) {
            String answer = connection.write(row.request()).read();

            assertThat(answer)
                    .startsWith("HTTP/1.1 " + row.status() + " ")
                    .doesNotContainIgnoringCase("<html")
                    .doesNotContain("jetty", "Exception", "Server:");
            if (row.type().isEmpty()) {
                assertThat(answer).contains("\r\nContent-Type: application/json\r\n");
            } else {
                assertThat(answer)
                        .contains("\r\nContent-Type: application/problem+json\r\n")
                        .contains("\"urn:millrace:problem:" + row.type() + "\"");
            }
            assertThat(gate.topic.stored()).hasSize(stored + (row.status() == 202 ? 1 : 0));
            if (row.open()) {
                connection.write(post(STREAM, ""));
                assertThat(connection.read()).startsWith("HTTP/1.1 202 ");
            } else {
                assertThat(connection.isAtEnd()).isTrue();
            }
        }
    }

    @Test
    void the_page_has_these_rows_and_no_others() throws IOException {
        assertThat(ContractPage.rows("## HTTP, strictly"))
                .containsExactlyElementsOf(rows().map(Row::toString).toList());
    }

    @Test
    void http2_is_told_what_to_speak_instead() throws IOException {
        try (RawConnection connection = new RawConnection(gate.port())) {
            assertThat(connection.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n").read())
                    .contains("\r\nUpgrade: HTTP/1.1\r\n")
                    .contains("HTTP/2 is off: use HTTP/1.1");
        }
    }

    @Test
    void a_head_that_trickles_is_408_at_its_deadline_and_nothing_is_stored() throws Exception {
        int stored = gate.topic.stored().size();
        try (RawConnection connection = new RawConnection(gate.port())) {
            long start = System.nanoTime();
            Thread trickle =
                    Thread.startVirtualThread(() -> {
                        String request = post(STREAM, "X: " + "x".repeat(2_000) + "\r\n");
                        for (int i = 0; i < request.length(); i++) {
                            try {
                                connection.write(request.substring(i, i + 1));
                                Thread.sleep(20);
                            } catch (IOException | InterruptedException ended) {
                                return;
                            }
                        }
                    });

            assertThat(connection.read()).startsWith("HTTP/1.1 408 ").contains("body-too-slow");
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(DEADLINE, DEADLINE.plusSeconds(8));
            assertThat(connection.isAtEnd()).isTrue();
            trickle.interrupt();
            trickle.join();
            assertThat(gate.topic.stored()).hasSize(stored);
        }
    }

    @Test
    void a_caller_that_expects_100_continue_is_told_to_go_on_and_then_answered()
            throws IOException {
        try (RawConnection connection = new RawConnection(gate.port())) {
            connection.write(framed(LENGTH + "Expect: 100-continue\r\n", ""));
            assertThat(connection.read()).startsWith("HTTP/1.1 100 ");
            assertThat(connection.write(BODY).read()).startsWith("HTTP/1.1 202 ");
        }
    }

    @Test
    void a_caller_that_expects_100_continue_is_refused_without_its_body() throws IOException {
        try (RawConnection connection = new RawConnection(gate.port())) {
            connection.write(
                    framed(LENGTH + "Expect: 100-continue\r\nContent-Encoding: br\r\n", ""));
            assertThat(connection.read()).startsWith("HTTP/1.1 415 ");
        }
    }

    @Test
    void pipelined_requests_are_answered_one_by_one_in_order() throws IOException {
        try (RawConnection connection = new RawConnection(gate.port())) {
            StringBuilder requests = new StringBuilder();
            for (int i = 0; i < 50; i++) {
                String body = i % 5 == 4 ? "{" : entry("pipelined-" + i, "1");
                requests.append(framed(length(body.length()), body));
            }
            connection.write(requests.toString());

            for (int i = 0; i < 50; i++) {
                assertThat(connection.read())
                        .contains(i % 5 == 4 ? "invalid-body" : "\"pipelined-" + i + "\"");
            }
        }
    }

    @Test
    void a_body_cut_off_has_stored_nothing_whatever_its_framing() throws Exception {
        int stored = gate.topic.stored().size();
        for (String request :
                List.of(
                        framed(length(BODY.length() + 1), BODY),
                        framed(CHUNKED, CHUNK),
                        framed(CHUNKED, CHUNK + "0"))) {
            try (RawConnection connection = new RawConnection(gate.port())) {
                connection.write(request).endOutput();
                String answer = connection.read();
                assertThat(answer).matches("(?s)|HTTP/1.1 400 .*");
            }
        }
        await().during(Duration.ofMillis(100))
                .untilAsserted(() -> assertThat(gate.topic.stored()).hasSize(stored));
    }
}
