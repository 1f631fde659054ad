package dev.millrace.bootstrap.tracing;

import dev.millrace.adapters.pulsar.TopicName;
import dev.millrace.domain.Position;
import dev.millrace.ports.driven.EventPublisher;
import dev.millrace.ports.driven.OutgoingEvent;
import dev.millrace.ports.driven.Publication;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Gives each event that is sampled the span of its publication, and has that one travel with it.
 *
 * @param <E> the stream's event
 */
final class TracedPublisher<E> implements EventPublisher<E> {

    private final EventPublisher<E> publisher;
    private final EventSpans spans;
    private final TopicName topic;

    TracedPublisher(EventPublisher<E> publisher, EventSpans spans, TopicName topic) {
        this.publisher = publisher;
        this.spans = spans;
        this.topic = topic;
    }

    @Override
    public List<Publication> publish(List<OutgoingEvent<E>> events) {
        return events.stream().anyMatch(event -> CarriedTrace.isSampled(event.properties()))
                ? publishTraced(events)
                : publisher.publish(events);
    }

    private List<Publication> publishTraced(List<OutgoingEvent<E>> events) {
        Map<Integer, Span> begun = new HashMap<>();
        List<OutgoingEvent<E>> outgoing = new ArrayList<>(events.size());
        for (OutgoingEvent<E> event : events) {
            Optional<Context> trace = CarriedTrace.of(event.properties());
            if (trace.isPresent()) {
                Span span = begin(event, trace.get());
                begun.put(outgoing.size(), span);
                outgoing.add(below(span, trace.get(), event));
            } else {
                outgoing.add(event);
            }
        }
        try {
            List<Publication> publications = publisher.publish(outgoing);
            Instant end = spans.now();
            begun.forEach((index, span) -> end(span, publications.get(index), end));
            return publications;
        } catch (RuntimeException bug) {
            begun.values().forEach(span -> fail(span, bug.getClass().getName(), spans.now()));
            throw bug;
        }
    }

    private Span begin(OutgoingEvent<E> event, Context trace) {
        SpanBuilder span =
                spans.about(
                                trace,
                                SpanKind.PRODUCER,
                                "send",
                                topic.stream().value(),
                                event.messageId().value())
                        .setAttribute(Names.OPERATION_TYPE, "send")
                        .setAttribute(Names.DESTINATION, topic.toString())
                        .setStartTimestamp(spans.now());
        SpanContext request = Span.current().getSpanContext();
        boolean isElsewhere =
                !request.getTraceId().equals(Span.fromContext(trace).getSpanContext().getTraceId());
        if (request.isSampled() && isElsewhere) {
            span.addLink(request);
        }
        return span.startSpan();
    }

    private static <E> OutgoingEvent<E> below(Span span, Context trace, OutgoingEvent<E> event) {
        return new OutgoingEvent<>(
                event.messageId(),
                event.key(),
                event.event(),
                CarriedTrace.into(trace.with(span), event.properties()));
    }

    private static void end(Span span, Publication publication, Instant end) {
        switch (publication) {
            case Publication.Stored(Position position) -> {
                span.setAttribute(Names.POSITION, position.toString());
                span.end(end);
            }
            case Publication.NotStored _ -> fail(span, "not_stored", end);
            case Publication.TooLarge _ -> fail(span, "too_large", end);
            case Publication.Unknown _ -> fail(span, "unknown", end);
            case Publication.Aborted _ -> fail(span, "aborted", end);
        }
    }

    private static void fail(Span span, String why, Instant end) {
        span.setAttribute(Names.ERROR, why);
        span.setStatus(StatusCode.ERROR);
        span.end(end);
    }
}
