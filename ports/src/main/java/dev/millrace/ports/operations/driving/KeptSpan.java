package dev.millrace.ports.operations.driving;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One step on the way of a request or of an event, as this process took it.
 *
 * @param id in hexadecimal digits, as W3C Trace Context has it
 * @param parent the span that it is a part of, perhaps one of another process; empty for a first
 * @param name what was done, and where
 * @param kind {@code server}, {@code producer}, {@code consumer}, {@code client} or {@code
 *     internal}
 * @param failed whether it went wrong
 * @param attributes by their names, as OpenTelemetry's conventions have them
 * @param links other spans that it has to do with, most of them of other traces
 */
public record KeptSpan(
        String id,
        String parent,
        String name,
        String kind,
        Instant startedAt,
        Duration duration,
        boolean failed,
        Map<String, String> attributes,
        List<Link> links) {

    /** The attribute that names the event that a span is about. */
    public static final String MESSAGE_ID = "messaging.message.id";

    public KeptSpan {
        Objects.requireNonNull(id);
        Objects.requireNonNull(parent);
        Objects.requireNonNull(name);
        Objects.requireNonNull(kind);
        Objects.requireNonNull(startedAt);
        Objects.requireNonNull(duration);
        attributes = Map.copyOf(attributes);
        links = List.copyOf(links);
    }

    /** The event that it is about; empty when it is about none, or about several. */
    public String messageId() {
        return attributes.getOrDefault(MESSAGE_ID, "");
    }

    /** Another span. */
    public record Link(String traceId, String spanId) {
        public Link {
            Objects.requireNonNull(traceId);
            Objects.requireNonNull(spanId);
        }
    }
}
