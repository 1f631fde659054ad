package dev.millrace.adapters.http;

import static dev.millrace.adapters.http.Entries.entry;
import static dev.millrace.adapters.http.Entries.with;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.adapters.http.callers.CallerRate;
import dev.millrace.adapters.http.ledger.LedgerEventReader;
import dev.millrace.adapters.http.reads.ReadHandler;
import dev.millrace.adapters.http.reads.ReadRoute;
import dev.millrace.domain.MessageId;
import dev.millrace.ports.driven.Publication;
import dev.millrace.ports.ledger.LedgerStream;

import io.opentelemetry.api.trace.TracerProvider;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

/** Each case that the document has is one that the gate gives. */
final class ContractTest {

    private static final String JSON = "application/json";
    private static final String NDJSON = "application/x-ndjson";

    /** Whether a whole line before a break is still read hangs on how the bytes arrive. */
    private static final String BY_CHANCE = "item InvalidItem malformed-request";

    private static final String NOWHERE = "/nowhere";

    /** One target of each operation, and one of none. */
    private static final List<String> READS =
            List.of(
                    "/v1/streams/ledger-entries/messages/known",
                    "/v1/accounts/576",
                    "/v1/accounts/576/entries");

    private static final List<String> GETS = gets();

    private final Set<String> shown = new TreeSet<>();

    private static List<String> gets() {
        List<String> gets = new ArrayList<>(READS);
        gets.addAll(List.of("/openapi.json", "/docs", "/docs/start.js", NOWHERE));
        return gets;
    }

    private static GateLimits tight(int maxBodyBytes, Duration bodyDeadline) {
        GateLimits usual = GateLimits.DEFAULT;
        return new GateLimits(
                maxBodyBytes,
                2,
                1_000,
                usual.maxHeaderBytes(),
                usual.maxConnections(),
                1,
                usual.maxBufferedBytes(),
                bodyDeadline,
                usual.idleTimeout(),
                usual.stopTimeout(),
                usual.retryAfter());
    }

    @Test
    void each_documented_case_is_given_by_the_gate() throws Exception {
        SampleReads reads = new SampleReads();
        try (RunningGate gate = RunningGate.start(GateLimits.DEFAULT, reads)) {
            takeIn(gate);
            refuseEvents(gate);
            failToStore(gate);
            read(gate, reads);
            refuseHttp(gate.port());
        }
        goBeyondLimits();
        goBeyondRates();
        callWithoutRoles();
        callWhatIsBroken();
        callWhatStops();

        Set<String> demanded = new TreeSet<>(Contract.ofTheGate().cases());
        demanded.remove(BY_CHANCE);
        assertThat(shown).containsAll(demanded);
        System.out.printf("contract: all %d documented cases were given%n", shown.size());
    }

    private Answer show(Answer answer) {
        shown.addAll(answer.cases());
        return answer;
    }

    /** What the document shows as an example is taken. */
    private void takeIn(RunningGate gate) {
        JsonNode content =
                Contract.ofTheGate()
                        .document()
                        .at("/paths/~1v1~1streams~1{stream}~1events/post/requestBody/content");
        content.properties()
                .forEach(type -> {
                    List<JsonNode> examples = new ArrayList<>();
                    type.getValue()
                            .path("examples")
                            .forEach(each -> examples.add(each.path("value")));
                    type.getValue().optional("example").ifPresent(examples::add);
                    for (JsonNode example : examples) {
                        String body = example.isString() ? example.asString() : example.toString();
                        Answer answer = show(gate.post(RunningGate.LEDGER, type.getKey(), body));
                        assertThat(answer.status()).as(body).isEqualTo(202);
                    }
                });
        String[] binary = {
            "ce-specversion", "1.0",
            "ce-id", "1",
            "ce-source", "/branch/7",
            "ce-type", "millrace.ledger-entries.v1",
            "ce-subject", "576"
        };
        assertThat(show(gate.json(with("accountId", ""), binary)).status()).isEqualTo(202);
    }

    private void refuseEvents(RunningGate gate) {
        show(gate.json(entry("a", "1"), "Idempotency-Key", "no key"));
        show(gate.json("nonsense"));
        show(gate.json(""));
        show(gate.json("{}"));
        show(gate.json("[{}]"));
        show(gate.post("/v1/streams/none/events", JSON, "{}"));
        show(gate.post(RunningGate.LEDGER, "text/plain", "{}"));
        String large = "{\"description\":\"" + "x".repeat(70_000) + "\"}";
        show(gate.json(large));
        show(
                gate.ndjson(
                        String.join(
                                "\n",
                                entry("d", "1"),
                                with("messageId", "\"e\"", "accountId", "\"1\"", "type", "1"),
                                entry("behind", "1"),
                                "{",
                                large)));
    }

    private void failToStore(RunningGate gate) {
        gate.topic.arrange(new MessageId("unknown"), new Publication.Unknown("no receipt"));
        show(gate.json(entry("unknown", "3")));
        gate.topic.arrange(new MessageId("unknown"), new Publication.Unknown("no receipt"));
        show(gate.ndjson(entry("unknown", "3") + "\n" + "{"));
        gate.topic.makeUnavailable();
        show(gate.json(entry("away", "4")));
        show(gate.ndjson(entry("away", "4") + "\n" + "{"));
        gate.topic.makeAvailable();
    }

    private void read(RunningGate gate, SampleReads reads) {
        GETS.forEach(path -> show(gate.get(path)));
        READS.forEach(path -> show(gate.get(path + "?colour=red")));
        show(gate.get("/v1/streams/none/messages/known"));
        show(gate.get("/v1/streams/ledger-entries/messages/unknown"));
        show(gate.get("/v1/accounts/577"));
        show(gate.get("/docs/swagger-ui.css"));
        show(gate.get("/docs/favicon-32x32.png"));
        show(gate.get("/docs/nothing"));
        show(gate.get(RunningGate.LEDGER));
        reads.isDatabaseAway = true;
        READS.forEach(path -> show(gate.get(path)));
        reads.isDatabaseAway = false;
    }

    /** What is answered before it is known which operation is called. */
    private void refuseHttp(int port) throws IOException {
        List<String> refused = new ArrayList<>(List.of("GET / HTTP/2.0\r\n\r\n", "GET /\r\n"));
        for (String line : lines("")) {
            refused.add(line + "Host: gate\r\nHost: gate\r\n\r\n");
            refused.add(line + "Host: gate\r\nExpect: tea\r\nContent-Length: 2\r\n\r\n{}");
            refused.add(line + "Host: gate\r\nX: " + "x".repeat(9_000) + "\r\n\r\n");
        }
        for (String line : lines("?" + "x".repeat(9_000))) {
            refused.add(line + "Host: gate\r\n\r\n");
        }
        for (String request : refused) {
            try (RawConnection connection = new RawConnection(port)) {
                connection.write(request).read();
                shown.addAll(connection.cases());
            }
        }
    }

    /** A request line for each operation, and one for none. */
    private static List<String> lines(String query) {
        List<String> lines = new ArrayList<>();
        lines.add("POST " + RunningGate.LEDGER + query + " HTTP/1.1\r\n");
        GETS.forEach(path -> lines.add("GET " + path + query + " HTTP/1.1\r\n"));
        return lines;
    }

    private void goBeyondLimits() throws Exception {
        try (RunningGate gate =
                RunningGate.start(tight(2_000, Duration.ofSeconds(10)), new SampleReads())) {
            show(gate.json(" ".repeat(2_001)));
            show(gate.json("[{},{},{}]"));
            show(gate.send(chunked(gate, entry("a", "1") + "\n" + " ".repeat(2_000) + "\n")));
            breakOff(gate);
            gate.broker = new CountDownLatch(1);
            CompletableFuture<Answer> held =
                    CompletableFuture.supplyAsync(() -> gate.json(entry("held", "1")));
            await().until(() -> gate.underWay.availablePermits() < 100_000);
            show(gate.json(entry("c", "1")));
            READS.forEach(path -> show(gate.get(path)));
            gate.broker.countDown();
            show(held.get());
        }
        beLate();
        try (RunningGate gate = RunningGate.startWithRoomFor(1)) {
            show(gate.ndjson(entry("a", "1") + "\n" + entry("b", "2")));
            gate.underWay.acquireUninterruptibly();
            show(gate.ndjson(entry("c", "1") + "\n{"));
        }
    }

    /** Breaks off after a whole line, which may be seen before it is read: then nothing is. */
    private void breakOff(RunningGate gate) throws IOException {
        String line = entry("b", "1") + "\n";
        try (RawConnection connection = new RawConnection(gate.port())) {
            connection.write(
                    head("Transfer-Encoding: chunked")
                            + Integer.toHexString(line.length())
                            + "\r\n"
                            + line
                            + "\r\n");
            connection.write("zz\r\n").read();
            shown.addAll(connection.cases());
        }
    }

    private static HttpRequest.Builder chunked(RunningGate gate, String lines) {
        return gate.request(RunningGate.LEDGER)
                .header("Content-Type", NDJSON)
                .POST(
                        HttpRequest.BodyPublishers.fromPublisher(
                                HttpRequest.BodyPublishers.ofString(lines)));
    }

    private static String head(String framing) {
        return "POST "
                + RunningGate.LEDGER
                + " HTTP/1.1\r\nHost: gate\r\nContent-Type: "
                + NDJSON
                + "\r\n"
                + framing
                + "\r\n\r\n";
    }

    /** A head's deadline shows with the next byte; a body's by itself. */
    private void beLate() throws IOException {
        Duration deadline = Duration.ofMillis(300);
        try (RunningGate gate = RunningGate.start(tight(2_000, deadline), new SampleReads())) {
            List<RawConnection> heads = new ArrayList<>();
            for (String line : lines("")) {
                heads.add(new RawConnection(gate.port()).write(line + "Host: gate\r\n"));
            }
            try (RawConnection body = new RawConnection(gate.port())) {
                body.write(head("Content-Length: 1000") + entry("a", "1") + "\n").read();
                shown.addAll(body.cases());
            }
            await().pollDelay(deadline.multipliedBy(2)).until(() -> true);
            for (RawConnection connection : heads) {
                connection.write("X").read();
                shown.addAll(connection.cases());
                connection.close();
            }
        }
    }

    private void goBeyondRates() {
        try (RunningGate gate = RunningGate.start(new CallerRate(1, 2, ""))) {
            show(gate.ndjson(entry("a", "1") + "\n" + entry("b", "1") + "\n" + entry("c", "1")));
            show(gate.json(entry("d", "1")));
        }
    }

    private void callWithoutRoles() {
        try (HttpClient client = HttpClient.newHttpClient();
                GateServer gate = start(List.of(), List.of())) {
            showCalls(client, gate);
            show(RunningGate.send(client, request(gate, "/v1/nowhere")));
        }
    }

    private void callWhatIsBroken() {
        ReadHandler broken =
                request -> {
                    throw new IllegalStateException("a bug");
                };
        StreamGate<?> stream =
                new StreamGate<>(
                        LedgerStream.NAME,
                        new LedgerEventReader(),
                        (events, receipts) -> {
                            throw new IllegalStateException("a bug");
                        });
        List<ReadRoute> reads =
                new SampleReads()
                        .routes().stream()
                                .map(route -> new ReadRoute(route.path(), broken))
                                .toList();
        try (HttpClient client = HttpClient.newHttpClient();
                GateServer gate = start(List.of(stream), reads)) {
            showCalls(client, gate);
        }
    }

    private static GateServer start(List<StreamGate<?>> streams, List<ReadRoute> reads) {
        return GateServer.start(
                new GateSettings("127.0.0.1", 0, GateLimits.DEFAULT, CallerRate.UNLIMITED),
                streams,
                reads,
                TracerProvider.noop().get(""));
    }

    private void showCalls(HttpClient client, GateServer gate) {
        READS.forEach(path -> show(RunningGate.send(client, request(gate, path))));
        show(
                RunningGate.send(
                        client,
                        request(gate, RunningGate.LEDGER)
                                .header("Content-Type", JSON)
                                .POST(HttpRequest.BodyPublishers.ofString(entry("a", "1")))));
    }

    private static HttpRequest.Builder request(GateServer gate, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gate.port() + path));
    }

    /** A stop may also close a connection that is idle just then, so it may take a second stop. */
    private void callWhatStops() {
        List<String> calls = new ArrayList<>(lines(""));
        await().pollDelay(Duration.ZERO)
                .until(() -> {
                    stop(calls);
                    return calls.isEmpty();
                });
    }

    /** Calls on connections from before a stop until each is refused or closed. */
    private void stop(List<String> calls) throws IOException {
        Map<String, RawConnection> connections = new LinkedHashMap<>();
        try (RunningGate gate = RunningGate.start(GateLimits.DEFAULT, new SampleReads());
                RawConnection underWay = new RawConnection(gate.port())) {
            for (String call : calls) {
                RawConnection connection = new RawConnection(gate.port());
                connection.write("GET /docs HTTP/1.1\r\nHost: gate\r\n\r\n").read();
                connections.put(call, connection);
            }
            gate.broker = new CountDownLatch(1);
            underWay.post(RunningGate.LEDGER, JSON, entry("held", "1"));
            await().until(() -> gate.underWay.availablePermits() < 100_000);
            CompletableFuture<Void> stop =
                    CompletableFuture.runAsync(() -> gate.server().stop(Duration.ofSeconds(10)));
            connections.forEach((call, connection) -> {
                if (isRefused(call, connection)) {
                    shown.addAll(connection.cases());
                    calls.remove(call);
                }
            });
            gate.broker.countDown();
            stop.join();
        } finally {
            for (RawConnection connection : connections.values()) {
                connection.close();
            }
        }
    }

    private static boolean isRefused(String call, RawConnection connection) {
        try {
            String answer;
            do {
                answer = connection.write(call + "Host: gate\r\nContent-Length: 0\r\n\r\n").read();
            } while (!answer.isEmpty() && !answer.startsWith("HTTP/1.1 503 "));
            return !answer.isEmpty();
        } catch (IOException closed) {
            return false;
        }
    }
}
