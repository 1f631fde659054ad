package dev.millrace.domain;

import java.util.List;
import java.util.Map;

/**
 * What a {@link Deliberation} came to: every event has its outcome.
 *
 * @param outcomes one for each event, in the order of the events
 * @param states the states that changed
 * @param accepted the events that take effect, in order
 * @param setbacks the tries that failed, by the event's message ID; each has the outcome {@link
 *     Outcome.Parked}, as have the later events of its key
 */
public record Verdict<E, S, F>(
        List<Outcome> outcomes,
        Map<Key, S> states,
        List<Accepted<E, F>> accepted,
        Map<MessageId, Setback> setbacks) {

    public Verdict {
        outcomes = List.copyOf(outcomes);
        states = Map.copyOf(states);
        accepted = List.copyOf(accepted);
        setbacks = Map.copyOf(setbacks);
    }
}
