package dev.millrace.adapters.http.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.adapters.http.Answer;
import dev.millrace.adapters.http.RunningGate;
import dev.millrace.adapters.http.management.ManagementServer;
import dev.millrace.adapters.http.management.ManagementSettings;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.SubscriptionType;
import dev.millrace.domain.flow.Backlog;
import dev.millrace.domain.flow.Bottleneck;
import dev.millrace.domain.flow.DatabaseFlow;
import dev.millrace.domain.flow.Flow;
import dev.millrace.domain.flow.FlowHistory;
import dev.millrace.domain.flow.FlowSample;
import dev.millrace.domain.flow.GateFlow;
import dev.millrace.domain.flow.Latency;
import dev.millrace.domain.flow.Progress;
import dev.millrace.domain.flow.Standstill;
import dev.millrace.domain.flow.SubscriptionFlow;
import dev.millrace.domain.operations.LaneState;
import dev.millrace.domain.operations.SubscriptionName;
import dev.millrace.ports.Condition;
import dev.millrace.ports.operations.driving.ProcessStatus;

import io.opentelemetry.api.trace.TracerProvider;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** How a process fares, once and again and again. */
final class StatusOverHttpTest {

    private static final Instant AT = Instant.parse("2026-03-01T12:00:00Z");
    private static final int MOST_LISTENERS = 16;

    private final AtomicInteger asked = new AtomicInteger();
    private final HttpClient client = HttpClient.newHttpClient();
    private volatile Flow flow = new Flow(List.of(), List.of(), List.of());
    private final ManagementServer server =
            ManagementServer.start(
                    new ManagementSettings("127.0.0.1", 0),
                    List::of,
                    () -> true,
                    () -> true,
                    () -> "",
                    Map::of,
                    new StatusRoutes(this::status, StatusOverHttpTest::past, Duration.ofMillis(20))
                            .routes(),
                    TracerProvider.noop().get(""));

    private ProcessStatus status() {
        asked.incrementAndGet();
        return new ProcessStatus(
                AT,
                "millrace-1-ab",
                "1.2.3",
                List.of("gate", "worker"),
                List.of(Condition.unmet("worker.database", "away")),
                flow,
                Bottleneck.of(flow));
    }

    private static FlowHistory past() {
        return new FlowHistory(
                Duration.ofSeconds(5),
                List.of(new FlowSample(AT, 12.5, Double.NaN, 7, 0.25, Double.NaN)));
    }

    @AfterEach
    void close() {
        client.shutdownNow();
        server.close();
    }

    @Test
    void a_status_has_what_is_known_and_null_for_what_is_not() {
        flow =
                new Flow(
                        List.of(
                                new GateFlow(
                                        10.5, 2, 1, 0, new Latency(0.004, 0.02), 3, 20_000, true)),
                        List.of(
                                new SubscriptionFlow(
                                        new SubscriptionName(new StreamName("s"), "w"),
                                        SubscriptionType.KEY_SHARED,
                                        new Backlog(4, Double.NaN, 0.5),
                                        new Progress(9, 1, 0.25, Double.NaN),
                                        new Latency(0.1, 0.2),
                                        Latency.UNKNOWN,
                                        Map.of(LaneState.PAUSED_BY_PERSON, 1, LaneState.RUNNING, 2),
                                        false,
                                        new Standstill(1, 2, 3.5, 4, 5, 6))),
                        List.of(new DatabaseFlow(1, 6, 0, true)));

        assertThat(get("/ops/v1/status").whole().body())
                .isEqualTo(
                        "{\"at\":\"2026-03-01T12:00:00Z\",\"instance\":\"millrace-1-ab\","
                                + "\"version\":\"1.2.3\",\"roles\":[\"gate\",\"worker\"],"
                                + "\"ready\":false,\"conditions\":[{\"name\":\"worker.database\","
                                + "\"met\":false,\"detail\":\"away\"}],"
                                + "\"gate\":{\"acceptedRate\":10.5,\"refusedRate\":2,"
                                + "\"throttledRate\":1,\"unstoredRate\":0,"
                                + "\"publishP50Seconds\":0.004,\"publishP99Seconds\":0.02,"
                                + "\"inFlight\":3,\"inFlightLimit\":20000},"
                                + "\"subscriptions\":[{\"stream\":\"s\",\"subscription\":\"w\","
                                + "\"type\":\"key_shared\",\"backlogEntries\":4,"
                                + "\"backlogEvents\":null,\"backlogAgeSeconds\":0.5,"
                                + "\"lagP50Seconds\":0.1,\"lagP99Seconds\":0.2,"
                                + "\"transactionP50Seconds\":null,\"transactionP99Seconds\":null,"
                                + "\"appliedRate\":9,\"rejectedRate\":1,\"busyLanes\":0.25,"
                                + "\"largestKeyShare\":null,"
                                + "\"lanes\":{\"running\":2,\"paused-by-person\":1},"
                                + "\"breaker\":\"closed\",\"parkedKeys\":1,\"parkedEvents\":2,"
                                + "\"oldestParkedSeconds\":3.5,\"quarantined\":4,"
                                + "\"outboxEvents\":5,\"outboxOldestSeconds\":6}],"
                                + "\"database\":{\"connectionsActive\":1,\"connectionsMax\":6,"
                                + "\"connectionsWaiting\":0},"
                                + "\"bottleneck\":{\"kind\":\"gate\",\"verdict\":\"The gate refuses"
                                + " 1.0 events per second that are more than it takes at once.\","
                                + "\"advice\":\"Add gates, or let more be under way"
                                + " (MILLRACE_GATE_MAX_EVENTS).\"}}");
    }

    @Test
    void what_the_process_does_not_have_is_left_out() {
        Answer answer = get("/ops/v1/status");

        assertThat(answer.body().has("gate")).isFalse();
        assertThat(answer.body().has("database")).isFalse();
        assertThat(answer.body().get("subscriptions")).isEmpty();
        assertThat(answer.text("/bottleneck/kind")).isEqualTo("none");
        assertThat(get("/ops/v1/status?depth=3").status()).isEqualTo(400);
        get("/ops/v1/quarantine").isProblem(404, "database-absent");
    }

    @Test
    void a_feed_sends_the_past_and_then_the_status_again_and_again() throws Exception {
        HttpResponse<Stream<String>> feed = listen();

        assertThat(feed.statusCode()).isEqualTo(200);
        assertThat(feed.headers().firstValue("Content-Type")).contains("text/event-stream");
        assertThat(feed.headers().firstValue("Cache-Control")).contains("no-store");
        Iterator<String> lines = feed.body().iterator();
        assertThat(lines.next()).isEqualTo("event: history");
        assertThat(lines.next())
                .isEqualTo(
                        "data:"
                            + " {\"intervalSeconds\":5,\"samples\":[{\"at\":\"2026-03-01T12:00:00Z\","
                            + "\"acceptedRate\":12.5,\"appliedRate\":null,\"backlogEntries\":7,"
                            + "\"lagP99Seconds\":0.25,\"publishP99Seconds\":null}]}");
        assertThat(lines.next()).isEmpty();
        for (int i = 0; i < 3; i++) {
            assertThat(lines.next()).isEqualTo("event: status");
            assertThat(lines.next()).startsWith("data: {\"at\":").endsWith("}");
            assertThat(lines.next()).isEmpty();
        }
    }

    @Test
    void there_are_no_more_listeners_than_may_be_and_one_that_leaves_makes_room() throws Exception {
        List<HttpClient> listeners = new ArrayList<>();
        for (int i = 0; i < MOST_LISTENERS; i++) {
            HttpClient listener = HttpClient.newHttpClient();
            listeners.add(listener);
            assertThat(listen(listener).statusCode()).isEqualTo(200);
        }

        Answer refused = get("/ops/v1/status/events");
        refused.isProblem(429, "too-many-listeners");
        assertThat(refused.header("Retry-After")).isEqualTo("10");
        assertThat(get("/ops/v1/status").status()).as("others are served").isEqualTo(200);

        listeners.getFirst().shutdownNow();
        await().atMost(Duration.ofSeconds(30)).until(() -> listen().statusCode() == 200);
        listeners.forEach(HttpClient::shutdownNow);
    }

    @Test
    void a_stop_ends_every_feed_in_order_and_cuts_none() throws Exception {
        Iterator<String> lines = listen().body().iterator();
        assertThat(lines.next()).isEqualTo("event: history");

        server.close();

        // A connection that is cut would throw here.
        while (lines.hasNext()) {
            assertThat(lines.next()).isNotNull();
        }
        int before = asked.get();
        await().during(Duration.ofMillis(100)).until(() -> asked.get() == before);
    }

    private HttpResponse<Stream<String>> listen() throws IOException, InterruptedException {
        return listen(client);
    }

    private HttpResponse<Stream<String>> listen(HttpClient by)
            throws IOException, InterruptedException {
        return by.send(
                request("/ops/v1/status/events").build(), HttpResponse.BodyHandlers.ofLines());
    }

    private Answer get(String path) {
        return new Answer(RunningGate.exchange(client, request(path)), Set.of());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    }
}
