package dev.millrace.bootstrap.send;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Answers as the gate does, keeps what it stored, and fails as it is told. */
final class FakeGate implements AutoCloseable {

    /** How the next request fares. */
    enum Fault {
        NONE,
        THROTTLED,
        NOT_READY,
        UNKNOWN,
        PARTIAL,
        BROKEN_BEFORE,
        BROKEN_AFTER,
        TOO_LARGE,
        READING_STOPPED
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final JsonMapper json = JsonMapper.shared();
    private final Random random;
    private final double faults;
    private final Fault[] kinds;
    private final List<JsonNode> stored = new ArrayList<>();
    private final Set<String> underWay = new HashSet<>();
    private final AtomicInteger most = new AtomicInteger();
    private volatile boolean overlapped;

    FakeGate(long seed, double faults) throws IOException {
        this(seed, faults, Fault.values());
    }

    /**
     * @param faults how many of all requests fail, from 0 to 1
     * @param kinds of fault that there are
     */
    FakeGate(long seed, double faults, Fault... kinds) throws IOException {
        this.random = new Random(seed);
        this.faults = faults;
        this.kinds = kinds;
        this.server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/streams/ledger-entries/events", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Every copy, in the order of the topic. */
    synchronized List<JsonNode> stored() {
        return List.copyOf(stored);
    }

    /** The message IDs of a key in the order of their first copies. */
    synchronized List<String> order(String key) {
        Set<String> order = new LinkedHashSet<>();
        stored.stream()
                .filter(event -> event.path("accountId").asString("").equals(key))
                .forEach(event -> order.add(event.path("messageId").asString()));
        return List.copyOf(order);
    }

    /** Whether two requests with events of one key were ever under way together. */
    boolean overlapped() {
        return overlapped;
    }

    int mostItems() {
        return most.get();
    }

    private void handle(HttpExchange exchange) throws IOException {
        List<JsonNode> events =
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> !line.isBlank())
                        .<JsonNode>map(json::readTree)
                        .toList();
        most.accumulateAndGet(events.size(), Math::max);
        Set<String> keys = new HashSet<>();
        events.forEach(event -> keys.add(event.path("accountId").asString("")));
        begin(keys);
        ArrayNode items = json.createArrayNode();
        Fault fault;
        synchronized (this) {
            fault = random.nextDouble() < faults ? kinds[random.nextInt(kinds.length)] : Fault.NONE;
            boolean ofSeveral = fault == Fault.TOO_LARGE || fault == Fault.READING_STOPPED;
            fault = ofSeveral && events.size() == 1 ? Fault.NONE : fault;
            store(events, fault, items);
        }
        end(keys);
        answer(exchange, fault, items);
    }

    private synchronized void begin(Set<String> keys) {
        overlapped |= keys.stream().anyMatch(underWay::contains);
        underWay.addAll(keys);
    }

    private synchronized void end(Set<String> keys) {
        underWay.removeAll(keys);
    }

    private void store(List<JsonNode> events, Fault fault, ArrayNode items) {
        Set<String> failedKeys = new HashSet<>();
        int end =
                fault == Fault.READING_STOPPED
                        ? 1 + random.nextInt(events.size() - 1)
                        : events.size();
        for (int index = 0; index < end; index++) {
            JsonNode event = events.get(index);
            String key = event.path("accountId").asString("");
            int status = failedKeys.contains(key) ? 424 : status(event, fault);
            if (status != 202) {
                failedKeys.add(key);
            }
            boolean lostReceipt = status == 504 && random.nextBoolean();
            if (status == 202 || lostReceipt) {
                stored.add(event);
            }
            items.add(item(index, event, status));
        }
        if (end < events.size()) {
            items.add(endOfReading(end));
        }
    }

    /** The last item that is spoken of, when reading stopped there at a limit of the request. */
    private ObjectNode endOfReading(int index) {
        ObjectNode item = json.createObjectNode();
        item.put("index", index).put("status", 413);
        item.putObject("problem")
                .put("type", "urn:millrace:problem:body-too-large")
                .put("title", "The body is too large.");
        return item;
    }

    private int status(JsonNode event, Fault fault) {
        if (event.path("amountMinor").asLong(0) <= 0) {
            return 400;
        }
        return switch (fault) {
            case NONE, BROKEN_AFTER, READING_STOPPED -> 202;
            case THROTTLED -> 429;
            case NOT_READY, BROKEN_BEFORE, TOO_LARGE -> 503;
            case UNKNOWN -> 504;
            case PARTIAL -> List.of(202, 202, 202, 202, 503, 504).get(random.nextInt(6));
        };
    }

    private ObjectNode item(int index, JsonNode event, int status) {
        ObjectNode item = json.createObjectNode();
        item.put("index", index)
                .put("status", status)
                .put("messageId", event.path("messageId").asString(""));
        if (status == 400) {
            ObjectNode problem = item.putObject("problem");
            problem.put("title", "invalid event");
            problem.putArray("errors")
                    .addObject()
                    .put("field", "/amountMinor")
                    .put("rule", "must be positive");
        }
        return item;
    }

    private void answer(HttpExchange exchange, Fault fault, ArrayNode items) throws IOException {
        if (fault == Fault.BROKEN_BEFORE || fault == Fault.BROKEN_AFTER) {
            exchange.close();
            return;
        }
        if (fault == Fault.TOO_LARGE) {
            respond(exchange, 413, "{\"title\":\"too large\"}");
            return;
        }
        if (fault == Fault.THROTTLED) {
            exchange.getResponseHeaders().add("Retry-After", "0");
        }
        respond(exchange, 207, json.createObjectNode().set("items", items).toString());
    }

    private static void respond(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
