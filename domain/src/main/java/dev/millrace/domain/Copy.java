package dev.millrace.domain;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;

/**
 * One copy of an event as it lies in the topic: the evidence that quarantine keeps.
 *
 * @param position where it lies
 * @param publishedAt when its producer published it, by that producer's clock
 * @param payload its bytes
 * @param schemaVersion the schema it was written with, as the broker names it; empty when it has
 *     none
 * @param properties its message properties
 */
public record Copy(
        Position position,
        Instant publishedAt,
        Payload payload,
        String schemaVersion,
        Map<String, String> properties) {

    private static final int TRACE_ID_LENGTH = 32;

    public Copy {
        Objects.requireNonNull(position);
        Objects.requireNonNull(publishedAt);
        Objects.requireNonNull(payload);
        Objects.requireNonNull(schemaVersion);
        properties = Map.copyOf(properties);
    }

    /**
     * The trace that its caller named in {@code traceparent}, in the form of W3C Trace Context;
     * empty when there is none.
     */
    public String traceId() {
        String[] parts = properties.getOrDefault("traceparent", "").split("-", -1);
        return parts.length >= 4 && parts[1].length() == TRACE_ID_LENGTH ? parts[1] : "";
    }
}
