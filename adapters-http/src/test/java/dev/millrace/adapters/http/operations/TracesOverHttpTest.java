package dev.millrace.adapters.http.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.ports.operations.driving.KeptSpan;
import dev.millrace.ports.operations.driving.KeptTrace;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The traces that a process has kept, as it shows them. */
final class TracesOverHttpTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    private final List<String> asked = new ArrayList<>();
    private final RunningOperations http =
            new RunningOperations(new TraceRoutes(this::show).routes());

    private List<KeptTrace> show(String traceId, String messageId, int limit) {
        asked.add(traceId + "|" + messageId + "|" + limit);
        KeptSpan request = span("b7ad6b7169203331", "", "POST", Map.of(), List.of());
        KeptSpan failed =
                span(
                        "c7ad6b7169203332",
                        "b7ad6b7169203331",
                        "send",
                        Map.of("messaging.message.id", "a", "error.type", "full"),
                        List.of(new KeptSpan.Link(TRACE, "b7ad6b7169203331")));
        return List.of(new KeptTrace(TRACE, List.of(request, failed)));
    }

    private static KeptSpan span(
            String id,
            String parent,
            String name,
            Map<String, String> attributes,
            List<KeptSpan.Link> links) {
        return new KeptSpan(
                id,
                parent,
                name,
                "server",
                Instant.parse("2026-03-01T12:00:00Z"),
                Duration.ofMillis(5),
                !links.isEmpty(),
                attributes,
                links);
    }

    @AfterEach
    void close() {
        http.close();
    }

    @Test
    void each_span_is_shown_with_what_it_is_below_and_linked_to() {
        assertThat(http.get("/ops/v1/traces?messageId=a&limit=5").whole().body())
                .isEqualTo(
                        "{\"traces\":[{\"traceId\":\""
                                + TRACE
                                + "\",\"spans\":[{\"spanId\":\"b7ad6b7169203331\",\"name\":\"POST\","
                                + "\"kind\":\"server\",\"startedAt\":\"2026-03-01T12:00:00Z\","
                                + "\"durationSeconds\":0.005,\"failed\":false,\"attributes\":{},"
                                + "\"links\":[]},{\"spanId\":\"c7ad6b7169203332\","
                                + "\"parentId\":\"b7ad6b7169203331\",\"name\":\"send\","
                                + "\"kind\":\"server\",\"startedAt\":\"2026-03-01T12:00:00Z\","
                                + "\"durationSeconds\":0.005,\"failed\":true,"
                                + "\"attributes\":{\"error.type\":\"full\","
                                + "\"messaging.message.id\":\"a\"},\"links\":[{\"traceId\":\""
                                + TRACE
                                + "\",\"spanId\":\"b7ad6b7169203331\"}]}]}]}");
        assertThat(http.get("/ops/v1/traces?traceId=" + TRACE).status()).isEqualTo(200);
        assertThat(asked).containsExactly("|a|5", TRACE + "||20");
    }

    @Test
    void what_is_no_trace_id_and_no_limit_is_refused() {
        http.get("/ops/v1/traces?traceId=x&limit=101").isProblem(400, "invalid-request");
        assertThat(asked).isEmpty();
    }
}
