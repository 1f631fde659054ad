package dev.millrace.ports.counter;

import dev.millrace.domain.Copy;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Payload;
import dev.millrace.domain.Position;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;

/** Deliveries of the stream {@code counter}, as tests write them down. */
public final class Deliveries {

    /** When copies are published unless a test says otherwise. */
    public static final Instant PUBLISHED_AT = Instant.parse("2026-03-01T12:00:00.123Z");

    /** The trace that every readable copy belongs to. */
    public static final String TRACE_ID = "0af7651916cd43dd8448eb211c80319c";

    private Deliveries() {}

    /** The place of the n-th copy in the topic. */
    public static Position at(int n) {
        return new Position(7, n, n % 4, n % 3);
    }

    /** An event that adds to a counter. */
    public static CountEvent add(String key, long by) {
        return new CountEvent(new Key(key), by, false);
    }

    /** An event on which the rules break. */
    public static CountEvent broken(String key) {
        return new CountEvent(new Key(key), 1, true);
    }

    /** A copy of an event. */
    public static Delivery.Decoded<CountEvent> delivery(
            String messageId, CountEvent event, int position) {
        return delivery(messageId, event, position, PUBLISHED_AT);
    }

    /** A copy of an event, published at another time. */
    public static Delivery.Decoded<CountEvent> delivery(
            String messageId, CountEvent event, int position, Instant publishedAt) {
        return new Delivery.Decoded<>(
                new MessageId(messageId),
                event.key(),
                event,
                CounterStream.STREAM.digest(event),
                copy(position, publishedAt, event.toString()));
    }

    /** A copy that nothing reads; its payload is not even text. */
    public static Delivery.Undecodable<CountEvent> undecodable(
            String messageId, String key, int position) {
        Payload payload = Payload.copyOf(new byte[] {0, -1, 39, 92, 10, (byte) position});
        return new Delivery.Undecodable<>(
                messageId,
                key,
                "leftover bytes",
                new Copy(
                        at(position),
                        PUBLISHED_AT,
                        payload,
                        "",
                        Map.of("origin", "a \"raw\" producer")));
    }

    private static Copy copy(int position, Instant publishedAt, String text) {
        return new Copy(
                at(position),
                publishedAt,
                Payload.copyOf(text.getBytes(StandardCharsets.UTF_8)),
                "3",
                Map.of(
                        "origin",
                        "a test",
                        "traceparent",
                        "00-" + TRACE_ID + "-b7ad6b7169203331-01"));
    }
}
