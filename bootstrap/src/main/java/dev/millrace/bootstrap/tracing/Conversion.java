package dev.millrace.bootstrap.tracing;

import dev.millrace.ports.operations.driving.KeptSpan;

import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.trace.data.LinkData;
import io.opentelemetry.sdk.trace.data.SpanData;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** From what OpenTelemetry hands out to what is kept. */
final class Conversion {

    private static final int NANOS = 1_000_000_000;

    private Conversion() {}

    static KeptSpan kept(SpanData span) {
        Map<String, String> attributes = new HashMap<>();
        span.getAttributes()
                .forEach((key, value) -> attributes.put(key.getKey(), String.valueOf(value)));
        return new KeptSpan(
                span.getSpanId(),
                span.getParentSpanContext().isValid() ? span.getParentSpanId() : "",
                span.getName(),
                span.getKind().name().toLowerCase(Locale.ROOT),
                instant(span.getStartEpochNanos()),
                Duration.ofNanos(span.getEndEpochNanos() - span.getStartEpochNanos()),
                span.getStatus().getStatusCode() == StatusCode.ERROR,
                attributes,
                span.getLinks().stream().map(Conversion::link).toList());
    }

    private static KeptSpan.Link link(LinkData link) {
        SpanContext to = link.getSpanContext();
        return new KeptSpan.Link(to.getTraceId(), to.getSpanId());
    }

    private static Instant instant(long epochNanos) {
        return Instant.ofEpochSecond(epochNanos / NANOS, epochNanos % NANOS);
    }
}
