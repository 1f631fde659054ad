package dev.millrace.ports.driven;

import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;

import java.util.Map;
import java.util.Objects;

/** An event on its way to the broker, with the properties that travel beside it. */
public record OutgoingEvent<E>(
        MessageId messageId, Key key, E event, Map<String, String> properties) {

    public OutgoingEvent {
        Objects.requireNonNull(messageId);
        Objects.requireNonNull(key);
        Objects.requireNonNull(event);
        properties = Map.copyOf(properties);
    }
}
