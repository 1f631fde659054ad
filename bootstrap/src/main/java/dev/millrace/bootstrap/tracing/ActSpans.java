package dev.millrace.bootstrap.tracing;

import dev.millrace.domain.operations.Dossier;
import dev.millrace.domain.operations.Inspection;
import dev.millrace.domain.operations.QuarantinedEvent;
import dev.millrace.ports.operations.driven.Quarantine;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Tells in an event's trace what somebody did about it while it was in quarantine, linked to the
 * request by which it was asked for. What is not done is not told. Who it was, and why, stands in
 * the audit log alone. Thread-safe.
 */
record ActSpans(EventSpans spans, Quarantine quarantine) {

    /**
     * Has something done.
     *
     * @param done whether what came back says that it is
     * @param more what else is to be told
     */
    <R> R follow(
            String act, long id, Supplier<R> doing, Predicate<R> done, Consumer<SpanBuilder> more) {
        Optional<Dossier> event = find(id);
        Optional<Context> trace =
                event.flatMap(dossier -> CarriedTrace.of(dossier.copy().properties()));
        Instant start = spans.now();
        R result = doing.get();
        if (trace.isPresent() && done.test(result)) {
            tell(act, event.orElseThrow().event(), trace.get(), start, more);
        }
        return result;
    }

    private Optional<Dossier> find(long id) {
        return quarantine.show(id) instanceof Inspection.Found(Dossier dossier)
                ? Optional.of(dossier)
                : Optional.empty();
    }

    private void tell(
            String act,
            QuarantinedEvent event,
            Context trace,
            Instant start,
            Consumer<SpanBuilder> more) {
        SpanBuilder builder =
                spans.about(
                                trace,
                                SpanKind.INTERNAL,
                                act,
                                event.stream().value(),
                                event.messageId())
                        .setAttribute(Names.SUBSCRIPTION, event.subscription())
                        .setAttribute(Names.POSITION, event.position().toString())
                        .setAttribute(Names.QUARANTINE, event.id())
                        .setStartTimestamp(start);
        SpanContext request = Span.current().getSpanContext();
        if (request.isSampled()) {
            builder.addLink(request);
        }
        spans.linkToLast(builder, trace, event.messageId());
        more.accept(builder);
        builder.startSpan().end(spans.now());
    }
}
