package dev.millrace.domain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * What the stream's rules say about a run of fresh events, taken one by one in their order, each on
 * the state that the one before it left.
 */
public sealed interface Verdict<E, S, F> {

    /**
     * Every event has its decision.
     *
     * @param outcomes one for each event, in the order of the events
     * @param states the states that changed
     * @param accepted the events that take effect, in order
     */
    record Decided<E, S, F>(
            List<Outcome> outcomes, Map<Key, S> states, List<Accepted<E, F>> accepted)
            implements Verdict<E, S, F> {
        public Decided {
            outcomes = List.copyOf(outcomes);
            states = Map.copyOf(states);
            accepted = List.copyOf(accepted);
        }
    }

    /** The rules themselves broke on one event: its own fault, not an outage. */
    record Broke<E, S, F>(Delivery.Decoded<E> culprit, Throwable cause)
            implements Verdict<E, S, F> {
        public Broke {
            Objects.requireNonNull(culprit);
            Objects.requireNonNull(cause);
        }
    }

    /**
     * Decides a run of events.
     *
     * @param events in the order in which they take effect
     * @param known the states that exist before the first of them
     * @param initial the state of a key that has none
     * @param decide the stream's pure rules
     */
    static <E, S, F> Verdict<E, S, F> on(
            List<Delivery.Decoded<E>> events,
            Map<Key, S> known,
            Function<Key, S> initial,
            BiFunction<S, E, Decision<S, F>> decide) {
        List<Outcome> outcomes = new ArrayList<>(events.size());
        Map<Key, S> changed = new LinkedHashMap<>();
        List<Accepted<E, F>> accepted = new ArrayList<>(events.size());
        for (Delivery.Decoded<E> delivery : events) {
            Key key = delivery.key();
            Decision<S, F> decision;
            try {
                S before = changed.containsKey(key) ? changed.get(key) : known.get(key);
                decision =
                        Objects.requireNonNull(
                                decide.apply(
                                        before == null ? initial.apply(key) : before,
                                        delivery.event()),
                                "the rules gave no decision");
            } catch (RuntimeException | StackOverflowError fault) {
                return new Broke<>(delivery, fault);
            }
            switch (decision) {
                case Decision.Accept<S, F>(S state, F effect) -> {
                    changed.put(key, state);
                    accepted.add(new Accepted<>(delivery, effect));
                    outcomes.add(new Outcome.Applied());
                }
                case Decision.Reject<S, F>(Reason reason) ->
                        outcomes.add(new Outcome.Rejected(reason));
            }
        }
        return new Decided<>(outcomes, changed, accepted);
    }
}
