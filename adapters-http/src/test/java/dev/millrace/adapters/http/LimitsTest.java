package dev.millrace.adapters.http;

import static dev.millrace.adapters.http.Entries.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.millrace.domain.InvalidValue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** The limits that are met on the way to the body, and connections that behave badly. */
final class LimitsTest {

    private static final String JSON = "application/json";

    private static GateLimits limits(
            int maxBodyBytes,
            int maxConcurrentRequests,
            long maxBufferedBytes,
            Duration bodyDeadline) {
        GateLimits usual = GateLimits.DEFAULT;
        return new GateLimits(
                maxBodyBytes,
                usual.maxItems(),
                Math.min(usual.maxEventBytes(), maxBodyBytes),
                usual.maxHeaderBytes(),
                usual.maxConnections(),
                maxConcurrentRequests,
                maxBufferedBytes,
                bodyDeadline,
                usual.idleTimeout(),
                usual.stopTimeout(),
                usual.retryAfter());
    }

    static GateLimits withBodyDeadline(Duration deadline) {
        return limits(16 << 20, 1024, 256L << 20, deadline);
    }

    @Test
    void a_body_announced_too_large_is_answered_before_it_is_sent() throws IOException {
        try (RunningGate gate = RunningGate.start();
                RawConnection connection = new RawConnection(gate.port())) {
            connection.write(
                    "POST "
                            + RunningGate.LEDGER
                            + " HTTP/1.1\r\nHost: gate\r\nContent-Type: "
                            + JSON
                            + "\r\nContent-Length: 16777217\r\nExpect: 100-continue\r\n\r\n");

            assertThat(connection.read())
                    .startsWith("HTTP/1.1 413 ")
                    .contains("urn:millrace:problem:body-too-large");
        }
    }

    @Test
    void a_chunked_body_is_counted_as_it_comes() {
        try (RunningGate gate =
                RunningGate.start(limits(100_000, 10, 200_000, Duration.ofSeconds(10)))) {
            gate.send(chunked(gate, 100_001)).isProblem(413, "body-too-large");
            gate.send(chunked(gate, 100_000)).isProblem(400, "no-event");
        }
    }

    private static HttpRequest.Builder chunked(RunningGate gate, int blanks) {
        HttpRequest.BodyPublisher whole = HttpRequest.BodyPublishers.ofString(" ".repeat(blanks));
        return gate.request(RunningGate.LEDGER)
                .header("Content-Type", JSON)
                .POST(HttpRequest.BodyPublishers.fromPublisher(whole));
    }

    @Test
    void a_body_that_stops_half_way_is_408_at_the_deadline() throws IOException {
        try (RunningGate gate = RunningGate.start(withBodyDeadline(Duration.ofMillis(300)));
                RawConnection connection = new RawConnection(gate.port())) {
            long start = System.nanoTime();
            connection.write(
                    "POST "
                            + RunningGate.LEDGER
                            + " HTTP/1.1\r\nHost: gate\r\nContent-Type: "
                            + JSON
                            + "\r\nContent-Length: 100\r\n\r\n{\"accountId\":");

            assertThat(connection.read())
                    .startsWith("HTTP/1.1 408 ")
                    .contains("urn:millrace:problem:body-too-slow");
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isLessThan(Duration.ofSeconds(10));
            assertThat(connection.isAtEnd()).isTrue();
        }
    }

    @Test
    void a_body_that_trickles_is_408_at_the_deadline() throws Exception {
        try (RunningGate gate = RunningGate.start(withBodyDeadline(Duration.ofMillis(500)));
                RawConnection connection = new RawConnection(gate.port());
                ExecutorService background = Executors.newVirtualThreadPerTaskExecutor()) {
            connection.write(
                    "POST "
                            + RunningGate.LEDGER
                            + " HTTP/1.1\r\nHost: gate\r\nContent-Type: "
                            + JSON
                            + "\r\nContent-Length: 100000\r\n\r\n");
            var trickle =
                    background.submit(() -> {
                        for (int i = 0; i < 10_000; i++) {
                            connection.write(" ");
                            Thread.sleep(20);
                        }
                        return null;
                    });

            assertThat(connection.read())
                    .startsWith("HTTP/1.1 408 ")
                    .contains("urn:millrace:problem:body-too-slow");
            trickle.cancel(true);
        }
    }

    @Test
    void a_slow_body_within_its_deadline_is_taken_and_the_connection_lives_on() throws Exception {
        try (RunningGate gate = RunningGate.start();
                RawConnection connection = new RawConnection(gate.port())) {
            String body = entry("slow", "1");
            connection.write(
                    "POST "
                            + RunningGate.LEDGER
                            + " HTTP/1.1\r\nHost: gate\r\nContent-Type: "
                            + JSON
                            + "\r\nTransfer-Encoding: chunked\r\n\r\n");
            for (int i = 0; i < body.length(); i++) {
                connection.write("1\r\n" + body.charAt(i) + "\r\n");
            }
            connection.write("0\r\n\r\n");

            assertThat(connection.read()).startsWith("HTTP/1.1 202 ");
            assertThat(connection.post(RunningGate.LEDGER, JSON, entry("next", "1")).read())
                    .startsWith("HTTP/1.1 202 ");
        }
    }

    @Test
    void a_connection_lives_on_after_an_error() throws IOException {
        try (RunningGate gate = RunningGate.start();
                RawConnection connection = new RawConnection(gate.port())) {
            assertThat(connection.post(RunningGate.LEDGER, JSON, "{").read())
                    .startsWith("HTTP/1.1 400 ");
            assertThat(connection.post(RunningGate.LEDGER, "text/plain", "abc").read())
                    .startsWith("HTTP/1.1 415 ");
            assertThat(connection.post("/v1/streams/none/events", JSON, "{}").read())
                    .startsWith("HTTP/1.1 404 ");
            assertThat(connection.post("/nowhere", JSON, "{}").read()).startsWith("HTTP/1.1 404 ");
            assertThat(connection.post(RunningGate.LEDGER, JSON, entry("a", "1")).read())
                    .startsWith("HTTP/1.1 202 ");
        }
    }

    private static Stream<String> brokenRequests() {
        String post = "POST " + RunningGate.LEDGER + " HTTP/1.1";
        return Stream.of(
                request("GET / HTTP/1.1") + "\r\n",
                "GET / HTTP/1.1\nHost: gate\n\n",
                "nonsense\r\n\r\n",
                request("GET / HTTP/9.9", "Host: gate") + "\r\n",
                request("GET /a/../../b%2fc/..;/ HTTP/1.1", "Host: gate") + "\r\n",
                request("GET /%zz HTTP/1.1", "Host: gate") + "\r\n",
                request("GET /%00 HTTP/1.1", "Host: gate") + "\r\n",
                request("GET / HTTP/1.1", "Host: gate", "Bad Header: x") + "\r\n",
                request(post, "Host: gate", "Content-Length: 2", "Content-Length: 3") + "\r\n{}",
                request(post, "Host: gate", "Content-Length: 2", "Transfer-Encoding: chunked")
                        + "\r\n{}",
                request(post, "Host: gate", "Content-Length: -1") + "\r\n",
                request(post, "Host: gate", "Content-Type: " + JSON, "Transfer-Encoding: chunked")
                        + "\r\nzz\r\n{}\r\n",
                request(
                                "GET /v1/x HTTP/1.1",
                                "Host: gate",
                                "Sec-WebSocket-Version: 13",
                                "Upgrade: websocket")
                        + "\r\n");
    }

    private static String request(String... lines) {
        return String.join("\r\n", lines) + "\r\n";
    }

    @ParameterizedTest
    @MethodSource("brokenRequests")
    void what_is_not_http_is_a_problem_too(String request) throws IOException {
        try (RunningGate gate = RunningGate.start();
                RawConnection connection = new RawConnection(gate.port())) {
            String answer = connection.write(request).read();

            assertThat(answer)
                    .matches("(?s)HTTP/1.1 (4\\d\\d|505) .*")
                    .containsIgnoringCase("Content-Type: application/problem+json")
                    .contains("urn:millrace:problem:")
                    .doesNotContainIgnoringCase("<html")
                    .doesNotContain("jetty", "Exception", "Server:");
        }
    }

    @Test
    void a_path_too_long_is_414_and_headers_too_large_are_431() throws IOException {
        try (RunningGate gate = RunningGate.start()) {
            try (RawConnection connection = new RawConnection(gate.port())) {
                connection.write("GET /" + "x".repeat(9_000) + " HTTP/1.1\r\nHost: gate\r\n\r\n");
                assertThat(connection.read())
                        .startsWith("HTTP/1.1 414 ")
                        .contains("urn:millrace:problem:uri-too-long");
            }
            try (RawConnection connection = new RawConnection(gate.port())) {
                connection.write(
                        "GET / HTTP/1.1\r\nHost: gate\r\nX: " + "x".repeat(9_000) + "\r\n\r\n");
                assertThat(connection.read())
                        .startsWith("HTTP/1.1 431 ")
                        .contains("urn:millrace:problem:headers-too-large");
            }
        }
    }

    @Test
    void beyond_the_requests_under_way_it_is_429_at_once() throws Exception {
        try (RunningGate gate =
                        RunningGate.start(limits(1 << 20, 2, 64 << 20, Duration.ofSeconds(10)));
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            gate.broker = new CountDownLatch(1);
            List<CompletableFuture<Answer>> held = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                String event = entry("held-" + i, "1");
                held.add(CompletableFuture.supplyAsync(() -> gate.json(event), callers));
            }
            await().until(() -> gate.underWay.availablePermits() == 100_000 - 2);

            Answer refused = gate.json(entry("one-more", "1")).isProblem(429, "too-busy");
            assertThat(refused.header("Retry-After")).isEqualTo("1");
            assertThat(held).noneMatch(CompletableFuture::isDone);

            gate.broker.countDown();
            for (CompletableFuture<Answer> answer : held) {
                assertThat(answer.get().status()).isEqualTo(202);
            }
            assertThat(gate.json(entry("after", "1")).status()).isEqualTo(202);
        }
    }

    @Test
    void every_request_to_take_events_is_told_refused_or_not_and_no_other() {
        try (RunningGate gate = RunningGate.start()) {
            Map<Integer, Duration> told = new ConcurrentHashMap<>();
            gate.server().tell(told::put);

            var _ = gate.get("/v1/streams/ledger-entries/events");
            var _ = gate.post("/v1/streams/nobody/events", "application/json", "{}");
            var _ = gate.post(RunningGate.LEDGER, "text/plain", "an event");
            var _ = gate.json("{");
            var _ = gate.json(entry("told", "1"));

            await().until(() -> told.keySet().equals(Set.of(202, 400, 404, 415)));
            assertThat(told.values()).allMatch(took -> took.isPositive());
        }
    }

    @Test
    void beyond_the_bytes_under_way_it_is_429_until_they_are_answered() throws Exception {
        try (RunningGate gate =
                        RunningGate.start(limits(100_000, 10, 200_000, Duration.ofSeconds(10)));
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            gate.broker = new CountDownLatch(1);
            String large = largeEntry("large");
            CompletableFuture<Answer> held =
                    CompletableFuture.supplyAsync(() -> gate.json(large), callers);
            await().until(() -> gate.underWay.availablePermits() == 100_000 - 1);

            assertThat(gate.json(largeEntry("b")).isProblem(429, "too-busy").header("Retry-After"))
                    .isEqualTo("1");

            gate.broker.countDown();
            assertThat(held.get().status()).isEqualTo(202);
            await().untilAsserted(
                            () -> assertThat(gate.json(largeEntry("c")).status()).isEqualTo(202));
        }
    }

    private static String largeEntry(String messageId) {
        return entry(messageId, "1").replace("{", "{" + " ".repeat(60_000));
    }

    @Test
    void a_caller_that_leaves_before_its_answer_loses_only_the_answer() throws Exception {
        try (RunningGate gate = RunningGate.start()) {
            gate.broker = new CountDownLatch(1);
            try (RawConnection connection = new RawConnection(gate.port())) {
                connection.post(RunningGate.LEDGER, JSON, entry("left", "1"));
                await().until(() -> gate.underWay.availablePermits() == 100_000 - 1);
            }
            gate.broker.countDown();

            await().until(() -> gate.storedIds().contains("left"));
            assertThat(gate.json(entry("next", "1")).status()).isEqualTo(202);
            await().until(() -> gate.underWay.availablePermits() == 100_000);
        }
    }

    @Test
    void a_caller_that_leaves_within_its_body_has_stored_nothing() throws Exception {
        try (RunningGate gate = RunningGate.start()) {
            try (RawConnection connection = new RawConnection(gate.port())) {
                connection.write(
                        "POST "
                                + RunningGate.LEDGER
                                + " HTTP/1.1\r\n"
                                + "Host: gate\r\n"
                                + "Content-Type: application/x-ndjson\r\n"
                                + "Content-Length: 5000\r\n\r\n"
                                + entry("a", "1")
                                + "\n");
            }

            assertThat(gate.json(entry("next", "1")).status()).isEqualTo(202);
            assertThat(gate.storedIds()).containsExactly("next");
        }
    }

    @Test
    void waiting_requests_cost_no_platform_threads() throws Exception {
        try (RunningGate gate = RunningGate.start()) {
            gate.broker = new CountDownLatch(1);
            List<RawConnection> connections = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                connections.add(
                        new RawConnection(gate.port())
                                .post(RunningGate.LEDGER, JSON, entry("m" + i, "a" + i)));
            }
            await().until(() -> gate.underWay.availablePermits() == 100_000 - 200);

            assertThat(
                            Thread.getAllStackTraces().keySet().stream()
                                    .filter(thread -> thread.getName().startsWith("gate")))
                    .hasSizeLessThan(33);

            gate.broker.countDown();
            for (RawConnection connection : connections) {
                assertThat(connection.read()).startsWith("HTTP/1.1 202 ");
                connection.close();
            }
        }
    }

    @Test
    void limits_that_make_no_sense_are_refused() {
        assertThatThrownBy(() -> limits(0, 1, 1, Duration.ofSeconds(1)))
                .isInstanceOfSatisfying(
                        InvalidValue.class,
                        broken -> assertThat(broken.field()).isEqualTo("maxBodyBytes"));
        assertThatThrownBy(() -> limits(10, 1, 9, Duration.ofSeconds(1)))
                .isInstanceOfSatisfying(
                        InvalidValue.class,
                        broken -> assertThat(broken.field()).isEqualTo("maxBufferedBytes"));
        assertThatThrownBy(() -> limits(10, 1, 10, Duration.ZERO))
                .isInstanceOfSatisfying(
                        InvalidValue.class,
                        broken -> assertThat(broken.field()).isEqualTo("bodyDeadline"));
    }
}
