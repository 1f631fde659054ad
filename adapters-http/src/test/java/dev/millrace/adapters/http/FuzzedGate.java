package dev.millrace.adapters.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.adapters.http.body.BodyBytes;
import dev.millrace.adapters.http.body.Budget;
import dev.millrace.adapters.http.body.Frames;
import dev.millrace.adapters.http.callers.CallerRate;
import dev.millrace.adapters.http.callers.Callers;
import dev.millrace.adapters.http.events.EventItems;
import dev.millrace.adapters.http.json.JsonObjects;
import dev.millrace.adapters.http.ledger.LedgerEventReader;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Position;
import dev.millrace.domain.ledger.LedgerEvent;
import dev.millrace.domain.ledger.LedgerRules;
import dev.millrace.ports.driven.OutgoingEvent;
import dev.millrace.ports.driven.Publication;
import dev.millrace.ports.driving.IngestEvents;
import dev.millrace.ports.fake.RecordedMeasurements;
import dev.millrace.ports.ledger.LedgerStream;
import dev.millrace.ports.usecase.EventIngestion;

import io.opentelemetry.api.trace.TracerProvider;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A gate for made-up requests, with a topic that remembers what the last one stored, and with what
 * must hold for every answer beside the contract.
 */
final class FuzzedGate implements AutoCloseable {

    private static final Set<String> STATUSES =
            Set.of(
                    "202", "207", "400", "404", "405", "408", "413", "414", "415", "417", "426",
                    "429", "431", "505");
    private static final Set<Integer> ITEM_STATUSES = Set.of(202, 400, 413, 424, 429);
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    private final List<OutgoingEvent<LedgerEvent>> stored =
            Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger assigned = new AtomicInteger();
    private final IngestEvents<LedgerEvent> ingest =
            new EventIngestion<>(
                    LedgerStream.under(new LedgerRules(0)),
                    this::publish,
                    () -> new MessageId("assigned-" + assigned.incrementAndGet()),
                    new Semaphore(100_000),
                    Duration.ofSeconds(1),
                    new RecordedMeasurements());
    private final LedgerEventReader reader = new LedgerEventReader();
    private final GateLimits limits = GateLimits.DEFAULT;
    private final JsonObjects objects = new JsonObjects(limits.maxEventBytes());
    private final Budget budget = new Budget(limits.maxBufferedBytes(), Duration.ofSeconds(1));
    private final GateServer server;
    private final LocalGate local;

    FuzzedGate(GateLimits limits) throws Exception {
        server =
                GateServer.start(
                        new GateSettings("127.0.0.1", 0, limits, CallerRate.UNLIMITED),
                        List.of(new StreamGate<>(LedgerStream.NAME, reader, ingest)),
                        List.of(),
                        TracerProvider.noop().get(""));
        local = new LocalGate(server);
    }

    private List<Publication> publish(List<OutgoingEvent<LedgerEvent>> events) {
        List<Publication> publications = new ArrayList<>();
        for (OutgoingEvent<LedgerEvent> event : events) {
            publications.add(new Publication.Stored(new Position(1, stored.size(), 0, 0)));
            stored.add(event);
        }
        return publications;
    }

    int port() {
        return server.port();
    }

    /** What the decoder makes of a body. */
    void decode(FuzzInput input) throws Exception {
        stored.clear();
        byte[] body = input.body();
        List<EventResult> results = new ArrayList<>();
        boolean many;
        try (Budget.Share share = budget.open()) {
            BodyBytes bytes =
                    new BodyBytes(new ByteArrayInputStream(body), limits.maxEventBytes(), share);
            Frames frames =
                    input.isLines()
                            ? Frames.lines(bytes)
                            : Frames.document(bytes, Optional.empty());
            Incoming<LedgerEvent> incoming =
                    new Incoming<>(
                            frames,
                            new EventItems<>(objects, reader, Optional.empty(), Map.of()),
                            limits.maxItems(),
                            Callers.Allowance.unlimited(),
                            share);
            ingest.ingest(
                    incoming, receipt -> results.add(EventResult.of(incoming.answer(), receipt)));
            many = incoming.isMany();
        }
        requireResults(results, input.isIntact());
        requireRead(body, results, input.isLines(), many);
    }

    private void requireResults(List<EventResult> results, boolean intact) {
        List<String> answered = new ArrayList<>();
        for (EventResult result : results) {
            require(ITEM_STATUSES.contains(result.status()), result);
            if (result instanceof EventResult.Stored(String messageId, String position)) {
                answered.add(messageId);
            }
        }
        require(!results.isEmpty() && (!intact || answered.size() == results.size()), results);
        requireSame(answered);
    }

    /** Without the cost of an assertion where nothing is wrong. */
    private static void require(boolean holds, Object what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    /** What was answered as stored is what is stored, in order. */
    private void requireSame(List<String> answered) {
        List<String> found = new ArrayList<>();
        for (OutgoingEvent<LedgerEvent> event : stored) {
            found.add(event.messageId().value());
        }
        require(found.equals(answered), answered + " answered, and stored " + found);
    }

    /** Another parser, of the whole body or of whole lines, reads in it what was stored. */
    private void requireRead(byte[] body, List<EventResult> results, boolean lines, boolean many)
            throws Exception {
        if (stored.isEmpty()) {
            return;
        }
        List<JsonNode> read = new ArrayList<>();
        if (lines) {
            for (byte[] line : lines(body)) {
                read.add(reread(line));
            }
        } else if (results.getLast() instanceof EventResult.Stored || !many) {
            JsonNode whole = reread(body);
            if (!many) {
                read.add(whole);
            } else {
                whole.forEach(read::add);
            }
        }
        int next = 0;
        for (int i = 0; i < Math.min(read.size(), results.size()); i++) {
            if (results.get(i) instanceof EventResult.Stored) {
                requireRead(read.get(i), stored.get(next));
                next++;
            }
        }
        assertThat(next).isIn(0, stored.size());
    }

    private static void requireRead(JsonNode node, OutgoingEvent<LedgerEvent> event) {
        LedgerEvent entry = event.event();
        boolean same =
                node.isObject()
                        && node.path("accountId").asString().equals(entry.account().value())
                        && node.path("type").asString().equals(entry.type().toString())
                        && node.path("amountMinor").asLong() == entry.amount().minor()
                        && node.path("currency").asString().equals(entry.currency().value())
                        && node.path("description").asString("").equals(entry.description())
                        && node.path("messageId")
                                .asString(event.messageId().value())
                                .equals(event.messageId().value());
        require(same, node + " was read as " + event);
    }

    private static List<byte[]> lines(byte[] body) {
        List<byte[]> lines = new ArrayList<>();
        int start = 0;
        for (int end = 0; end <= body.length; end++) {
            if (end == body.length || body[end] == '\n') {
                byte[] line = Arrays.copyOfRange(body, start, end);
                if (!new String(line, StandardCharsets.ISO_8859_1).matches("[ \t\r]*")) {
                    lines.add(line);
                }
                start = end + 1;
            }
        }
        return lines;
    }

    /** Missing where the other parser refuses; what is refused here may be refused there too. */
    private static JsonNode reread(byte[] text) {
        try {
            return JSON.readTree(
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(text)).toString());
        } catch (JacksonException | CharacterCodingException refused) {
            return JSON.missingNode();
        }
    }

    /** What the whole server answers in process. */
    void answer(byte[] request) throws Exception {
        stored.clear();
        String answer = new String(local.answer(request), StandardCharsets.UTF_8);
        requireStatus(answer);
        JsonNode body = JSON.readTree(answer.substring(answer.indexOf("\r\n\r\n") + 4));
        if (!Set.of("202", "207").contains(status(answer))) {
            assertThat(stored).isEmpty();
        }
        if (body.has("items")) {
            requireItems(body.path("items"));
        } else if (status(answer).equals("202")) {
            requireSame(List.of(body.path("messageId").asString()));
        }
    }

    /** Beyond the contract, which has the faults of a gate too: here is none. */
    void requireStatus(String answer) {
        assertThat(answer).startsWith("HTTP/1.1 ");
        assertThat(STATUSES).as(answer).contains(status(answer));
    }

    private static String status(String answer) {
        return answer.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length());
    }

    private void requireItems(JsonNode items) {
        List<String> answered = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            JsonNode item = items.get(i);
            assertThat(item.path("index").asInt()).isEqualTo(i);
            int status = item.path("status").asInt();
            assertThat(ITEM_STATUSES).contains(status);
            if (status == 202) {
                answered.add(item.path("messageId").asString());
            }
        }
        requireSame(answered);
    }

    @Override
    public void close() {
        server.close();
    }
}
