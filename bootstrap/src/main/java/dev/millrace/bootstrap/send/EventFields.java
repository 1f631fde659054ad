package dev.millrace.bootstrap.send;

import java.util.Map;
import java.util.Objects;

/**
 * What {@code send} knows about the events of a stream.
 *
 * @param stream its name
 * @param key the field whose value order is kept for
 * @param types every field's type by its name; empty when the fields are not known: then all are
 *     text
 */
public record EventFields(String stream, String key, Map<String, FieldType> types) {

    /** The field that carries the event's own identity, on every stream. */
    static final String MESSAGE_ID = "messageId";

    public EventFields {
        Objects.requireNonNull(stream);
        Objects.requireNonNull(key);
        types = Map.copyOf(types);
    }

    /** A stream of which only the name and the key are known. */
    static EventFields unknown(String stream, String key) {
        return new EventFields(stream, key, Map.of());
    }

    boolean knows(String field) {
        return types.isEmpty() || types.containsKey(field);
    }

    FieldType type(String field) {
        return types.getOrDefault(field, FieldType.TEXT);
    }
}
