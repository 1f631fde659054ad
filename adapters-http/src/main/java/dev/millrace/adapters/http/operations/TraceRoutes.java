package dev.millrace.adapters.http.operations;

import dev.millrace.adapters.http.answers.JsonBody;
import dev.millrace.adapters.http.json.Field;
import dev.millrace.adapters.http.reads.ReadRequest;
import dev.millrace.adapters.http.reads.ReadRoute;
import dev.millrace.domain.InvalidValue;
import dev.millrace.ports.operations.driving.KeptSpan;
import dev.millrace.ports.operations.driving.KeptTrace;
import dev.millrace.ports.operations.driving.ShowTraces;

import tools.jackson.core.JsonGenerator;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The last traces of this process: {@code /ops/v1/traces}. */
public final class TraceRoutes {

    private static final String PATH = "/ops/v1/traces";
    private static final long DEFAULT_LIMIT = 20;
    private static final long MAX_LIMIT = 100;
    private static final Pattern TRACE_ID = Pattern.compile("[0-9a-f]{32}");

    private final ShowTraces traces;

    public TraceRoutes(ShowTraces traces) {
        this.traces = Objects.requireNonNull(traces);
    }

    /** The routes to serve. */
    public List<OperationRoute> routes() {
        return List.of(new OperationRoute.Local(new ReadRoute(PATH, this::show)));
    }

    private Optional<JsonBody> show(ReadRequest request) {
        Field<String> traceId = request.text("traceId", "", TraceRoutes::traceId);
        Field<String> messageId = request.text("messageId", "", text -> text);
        Field<Long> limit = request.wholeNumber("limit", DEFAULT_LIMIT, 1, MAX_LIMIT);
        request.requireValid();
        List<KeptTrace> shown =
                traces.show(traceId.value(), messageId.value(), Math.toIntExact(limit.value()));
        return Optional.of(json -> {
            json.writeStartObject();
            json.writeArrayPropertyStart("traces");
            shown.forEach(trace -> write(json, trace));
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private static String traceId(String text) {
        if (!TRACE_ID.matcher(text).matches()) {
            throw new InvalidValue("traceId", "must have 32 hexadecimal digits in lower case");
        }
        return text;
    }

    private static void write(JsonGenerator json, KeptTrace trace) {
        json.writeStartObject();
        json.writeStringProperty("traceId", trace.id());
        json.writeArrayPropertyStart("spans");
        trace.spans().forEach(span -> write(json, span));
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(JsonGenerator json, KeptSpan span) {
        json.writeStartObject();
        json.writeStringProperty("spanId", span.id());
        if (!span.parent().isEmpty()) {
            json.writeStringProperty("parentId", span.parent());
        }
        json.writeStringProperty("name", span.name());
        json.writeStringProperty("kind", span.kind());
        json.writeStringProperty("startedAt", span.startedAt().toString());
        json.writeNumberProperty("durationSeconds", seconds(span.duration()));
        json.writeBooleanProperty("failed", span.failed());
        json.writeObjectPropertyStart("attributes");
        new TreeMap<>(span.attributes()).forEach(json::writeStringProperty);
        json.writeEndObject();
        json.writeArrayPropertyStart("links");
        for (KeptSpan.Link link : span.links()) {
            json.writeStartObject();
            json.writeStringProperty("traceId", link.traceId());
            json.writeStringProperty("spanId", link.spanId());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }
}
