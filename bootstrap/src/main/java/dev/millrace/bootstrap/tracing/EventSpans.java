package dev.millrace.bootstrap.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;

import java.time.Instant;
import java.time.InstantSource;

/**
 * Makes spans in the traces of events: each is below the one that published the event, whenever and
 * wherever it happens, so that one trace has all of the event's life. Thread-safe.
 */
record EventSpans(Tracer tracer, KeptSpans kept, InstantSource clock) {

    private static final String PULSAR = "pulsar";

    Instant now() {
        return clock.instant();
    }

    /**
     * Begins to describe one.
     *
     * @param operation what is done to the event
     * @param where the stream's or the topic's short name
     */
    SpanBuilder about(
            Context event, SpanKind kind, String operation, String where, String messageId) {
        SpanBuilder span =
                tracer.spanBuilder(operation + " " + where)
                        .setParent(event)
                        .setSpanKind(kind)
                        .setAttribute(Names.SYSTEM, PULSAR)
                        .setAttribute(Names.OPERATION, operation);
        return messageId.isEmpty() ? span : span.setAttribute(Names.MESSAGE_ID, messageId);
    }

    /** Links a span to the one before it in the event's life, where this process still has that. */
    void linkToLast(SpanBuilder span, Context event, String messageId) {
        String traceId = Span.fromContext(event).getSpanContext().getTraceId();
        if (!messageId.isEmpty()) {
            kept.last(traceId, messageId)
                    .ifPresent(last ->
                            span.addLink(
                                    SpanContext.create(
                                            traceId,
                                            last,
                                            TraceFlags.getSampled(),
                                            TraceState.getDefault())));
        }
    }
}
