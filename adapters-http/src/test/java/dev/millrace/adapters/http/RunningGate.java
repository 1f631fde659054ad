package dev.millrace.adapters.http;

import dev.millrace.adapters.http.callers.CallerRate;
import dev.millrace.adapters.http.ledger.LedgerEventReader;
import dev.millrace.adapters.http.reads.ReadRoute;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.ledger.LedgerEvent;
import dev.millrace.domain.ledger.LedgerRules;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.driven.EventPublisher;
import dev.millrace.ports.driven.OutgoingEvent;
import dev.millrace.ports.driven.Publication;
import dev.millrace.ports.driving.IngestEvents;
import dev.millrace.ports.fake.InMemoryPublisher;
import dev.millrace.ports.fake.RecordedMeasurements;
import dev.millrace.ports.ledger.LedgerStream;
import dev.millrace.ports.usecase.EventIngestion;

import io.opentelemetry.api.trace.TracerProvider;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** A gate on a free port, with both streams, and a topic in memory behind it. */
public final class RunningGate implements AutoCloseable {

    static final String LEDGER = "/v1/streams/ledger-entries/events";
    static final String COUNTER = "/v1/streams/counter/events";

    final InMemoryPublisher<LedgerEvent> topic = new InMemoryPublisher<>();
    final InMemoryPublisher<CountEvent> counterTopic = new InMemoryPublisher<>();
    final RecordedMeasurements measurements = new RecordedMeasurements();
    final Semaphore underWay;

    /**
     * Opened from the start; a test that replaces it holds each publication until it opens the new
     * one.
     */
    volatile CountDownLatch broker = new CountDownLatch(0);

    private final AtomicInteger assigned = new AtomicInteger();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final GateServer server;

    private RunningGate(
            GateLimits limits, CallerRate rate, int eventsUnderWay, List<ReadRoute> reads) {
        underWay = new Semaphore(eventsUnderWay);
        server =
                GateServer.start(
                        new GateSettings("127.0.0.1", 0, limits, rate),
                        List.of(
                                new StreamGate<>(
                                        LedgerStream.NAME, new LedgerEventReader(), ledger()),
                                new StreamGate<>(
                                        CounterStream.NAME, new CounterEventReader(), counter())),
                        reads,
                        TracerProvider.noop().get(""));
    }

    static RunningGate start() {
        return start(GateLimits.DEFAULT);
    }

    static RunningGate start(GateLimits limits) {
        return new RunningGate(limits, CallerRate.UNLIMITED, 100_000, List.of());
    }

    static RunningGate start(CallerRate rate) {
        return new RunningGate(GateLimits.DEFAULT, rate, 100_000, List.of());
    }

    static RunningGate start(GateLimits limits, SampleReads reads) {
        return new RunningGate(limits, CallerRate.UNLIMITED, 100_000, reads.routes());
    }

    static RunningGate startWithRoomFor(int events) {
        return new RunningGate(GateLimits.DEFAULT, CallerRate.UNLIMITED, events, List.of());
    }

    private IngestEvents<LedgerEvent> ledger() {
        return new EventIngestion<>(
                LedgerStream.under(new LedgerRules(0)),
                held(topic),
                () -> new MessageId("assigned-" + assigned.incrementAndGet()),
                underWay,
                Duration.ofMillis(1500),
                measurements);
    }

    private IngestEvents<CountEvent> counter() {
        return new EventIngestion<>(
                CounterStream.STREAM,
                held(counterTopic),
                () -> new MessageId("assigned-" + assigned.incrementAndGet()),
                underWay,
                Duration.ofSeconds(1),
                measurements);
    }

    private <E> EventPublisher<E> held(EventPublisher<E> publisher) {
        return (List<OutgoingEvent<E>> events) -> {
            try {
                broker.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return events.stream()
                        .<Publication>map(event -> new Publication.Unknown("interrupted"))
                        .toList();
            }
            return publisher.publish(events);
        };
    }

    GateServer server() {
        return server;
    }

    int port() {
        return server.port();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .timeout(Duration.ofSeconds(20));
    }

    Answer post(String path, String contentType, String body, String... headers) {
        return post(path, contentType, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    Answer post(String path, String contentType, byte[] body, String... headers) {
        HttpRequest.Builder request =
                request(path).POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (!contentType.isEmpty()) {
            request.header("Content-Type", contentType);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request);
    }

    Answer json(String body, String... headers) {
        return post(LEDGER, "application/json", body, headers);
    }

    Answer ndjson(String body, String... headers) {
        return post(LEDGER, "application/x-ndjson", body, headers);
    }

    Answer get(String path) {
        return send(request(path).GET());
    }

    Answer send(HttpRequest.Builder request) {
        return send(client, request);
    }

    /** Sends a request to a gate, and holds the answer against the contract. */
    public static Answer send(HttpClient client, HttpRequest.Builder request) {
        HttpResponse<String> response = exchange(client, request);
        return new Answer(response, Contract.ofTheGate().judge(Exchange.of(response)));
    }

    /** Sends a request to a server that the contract is not about. */
    public static HttpResponse<String> exchange(HttpClient client, HttpRequest.Builder request) {
        try {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    List<String> storedIds() {
        return topic.stored().stream().map(stored -> stored.event().messageId().value()).toList();
    }

    @Override
    public void close() {
        broker.countDown();
        // The client first: a server that stops gives idle connections a second to go.
        client.close();
        server.stop(Duration.ofSeconds(5));
    }
}
