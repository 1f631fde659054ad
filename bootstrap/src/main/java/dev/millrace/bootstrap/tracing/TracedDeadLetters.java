package dev.millrace.bootstrap.tracing;

import dev.millrace.adapters.pulsar.TopicName;
import dev.millrace.domain.DeadLetter;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.driven.DeadLetters;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Tells of the dead letters whose events are sampled; the letters themselves stay as they are. */
final class TracedDeadLetters implements DeadLetters {

    private final DeadLetters letters;
    private final EventSpans spans;
    private final String name;
    private final String topic;

    TracedDeadLetters(DeadLetters letters, EventSpans spans, SubscriptionId subscription) {
        this.letters = letters;
        this.spans = spans;
        this.topic = TopicName.of(subscription).deadLetters(subscription.name());
        this.name = topic.substring(topic.lastIndexOf('/') + 1);
    }

    @Override
    public Set<Long> publish(List<DeadLetter> batch) {
        Instant start = spans.now();
        try {
            Set<Long> published = letters.publish(batch);
            batch.forEach(letter -> tell(letter, start, published.contains(letter.quarantineId())));
            return published;
        } catch (Unavailable outage) {
            batch.forEach(letter -> tell(letter, start, false));
            throw outage;
        }
    }

    private void tell(DeadLetter letter, Instant start, boolean published) {
        CarriedTrace.of(letter.copy().properties())
                .ifPresent(trace -> tell(letter, trace, start, published));
    }

    private void tell(DeadLetter letter, Context trace, Instant start, boolean published) {
        SpanBuilder builder =
                spans.about(trace, SpanKind.PRODUCER, "send", name, letter.messageId())
                        .setAttribute(Names.OPERATION_TYPE, "send")
                        .setAttribute(Names.DESTINATION, topic)
                        .setAttribute(Names.QUARANTINE, letter.quarantineId())
                        .setAttribute(Names.REASON, letter.reason().value())
                        .setStartTimestamp(start);
        spans.linkToLast(builder, trace, letter.messageId());
        Span span = builder.startSpan();
        if (!published) {
            span.setAttribute(Names.ERROR, "not_stored");
            span.setStatus(StatusCode.ERROR);
        }
        span.end(spans.now());
    }
}
