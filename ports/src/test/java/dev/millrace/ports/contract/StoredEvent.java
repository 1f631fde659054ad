package dev.millrace.ports.contract;

import dev.millrace.domain.Position;
import dev.millrace.ports.driven.OutgoingEvent;

import java.util.Objects;

/**
 * An event as it lies in its topic.
 *
 * @param event what was stored; its properties without those that the technology adds
 */
public record StoredEvent<E>(Position position, OutgoingEvent<E> event) {

    public StoredEvent {
        Objects.requireNonNull(position);
        Objects.requireNonNull(event);
    }
}
