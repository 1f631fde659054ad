package dev.millrace.ports;

import dev.millrace.domain.Position;

import java.util.Objects;

/**
 * What a subscription has made of one event.
 *
 * @param subscription by its name in the stream
 * @param state {@code applied}, {@code rejected}, {@code parked}, {@code quarantined} or {@code
 *     discarded}
 * @param position of the copy that the state is about
 * @param reason of a rejection, quarantine or discarding; empty otherwise
 * @param copies how many copies of the event have arrived so far, conflicts not counted
 */
public record MessageOutcome(
        String subscription, String state, Position position, String reason, int copies) {

    public MessageOutcome {
        Objects.requireNonNull(subscription);
        Objects.requireNonNull(state);
        Objects.requireNonNull(position);
        Objects.requireNonNull(reason);
    }
}
