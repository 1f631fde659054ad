package dev.millrace.domain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The decisions about a run of events, taken one by one in their order, each on the state that the
 * one before it left. An event on which the rules break holds up the later ones of its key, and no
 * other; nothing is decided twice.
 *
 * <p>Invariant: the rulings so far are about the first events of the run, one for each. Used by one
 * thread; what {@link #turns} answers may be used by another one, which may be abandoned.
 */
public final class Deliberation<E, S, F> {

    private final List<Delivery.Decoded<E>> events;
    private final Map<Key, S> known;
    private final Function<Key, S> initial;
    private final BiFunction<S, E, Decision<S, F>> decide;
    private final boolean ordered;
    private final List<Ruling<S, F>> rulings = new ArrayList<>();

    /**
     * Begins with nothing decided.
     *
     * @param events in the order in which they take effect
     * @param known the states that exist before the first of them
     * @param initial the state of a key that has none
     * @param decide the stream's pure rules
     * @param ordered whether events of one key wait for each other
     */
    public Deliberation(
            List<Delivery.Decoded<E>> events,
            Map<Key, S> known,
            Function<Key, S> initial,
            BiFunction<S, E, Decision<S, F>> decide,
            boolean ordered) {
        this.events = List.copyOf(events);
        this.known = Map.copyOf(known);
        this.initial = Objects.requireNonNull(initial);
        this.decide = Objects.requireNonNull(decide);
        this.ordered = ordered;
    }

    /** How many events have no ruling yet. */
    public int open() {
        return events.size() - rulings.size();
    }

    /**
     * Takes the events that are still open, one with each call. What is asked of it changes nothing
     * here.
     */
    public Supplier<Ruling<S, F>> turns() {
        return new Turns();
    }

    /** Keeps rulings that {@link #turns} has given, from its first on. */
    public void keep(List<Ruling<S, F>> taken) {
        if (taken.size() > open()) {
            throw new IllegalArgumentException("more rulings than events");
        }
        rulings.addAll(taken);
    }

    /** The next open event failed, whatever the rules would have said in the end. */
    public void fail(Failure.Fault fault) {
        keep(List.of(new Ruling.Failed<>(fault)));
    }

    /** The package of the next open event's type, which is the stream's own code. */
    public String code() {
        return code(events.get(rulings.size()));
    }

    /**
     * What all of it comes to.
     *
     * @param setback what a fault means for its event
     * @throws IllegalStateException while events are open
     */
    public Verdict<E, S, F> verdict(
            BiFunction<Delivery.Decoded<E>, Failure.Fault, Setback> setback) {
        if (open() > 0) {
            throw new IllegalStateException(open() + " events have no ruling yet");
        }
        List<Outcome> outcomes = new ArrayList<>(events.size());
        Map<Key, S> changed = new LinkedHashMap<>();
        List<Accepted<E, F>> accepted = new ArrayList<>(events.size());
        Map<MessageId, Setback> setbacks = new LinkedHashMap<>();
        for (int i = 0; i < events.size(); i++) {
            Delivery.Decoded<E> event = events.get(i);
            switch (rulings.get(i)) {
                case Ruling.Decided<S, F>(Decision.Accept<S, F>(S state, F effect)) -> {
                    changed.put(event.key(), state);
                    accepted.add(new Accepted<>(event, effect));
                    outcomes.add(new Outcome.Applied());
                }
                case Ruling.Decided<S, F>(Decision.Reject<S, F>(Reason reason)) ->
                        outcomes.add(new Outcome.Rejected(reason));
                case Ruling.Failed<S, F>(Failure.Fault fault) -> {
                    setbacks.put(event.messageId(), setback.apply(event, fault));
                    outcomes.add(new Outcome.Parked());
                }
                case Ruling.Behind<S, F>() -> outcomes.add(new Outcome.Parked());
            }
        }
        return new Verdict<>(outcomes, changed, accepted, setbacks);
    }

    private static String code(Delivery.Decoded<?> delivery) {
        return delivery.event().getClass().getPackageName();
    }

    /** Walks through the open events with states of its own. */
    private final class Turns implements Supplier<Ruling<S, F>> {
        private final Map<Key, S> states = new HashMap<>();
        private final Set<Key> failed = new HashSet<>();
        private int next;

        Turns() {
            for (Ruling<S, F> ruling : rulings) {
                note(events.get(next).key(), ruling);
                next++;
            }
        }

        @Override
        public Ruling<S, F> get() {
            Delivery.Decoded<E> event = events.get(next);
            Ruling<S, F> ruling =
                    failed.contains(event.key()) ? new Ruling.Behind<>() : decide(event);
            note(event.key(), ruling);
            next++;
            return ruling;
        }

        private Ruling<S, F> decide(Delivery.Decoded<E> event) {
            Key key = event.key();
            try {
                S before = states.containsKey(key) ? states.get(key) : known.get(key);
                return new Ruling.Decided<>(
                        Objects.requireNonNull(
                                decide.apply(
                                        before == null ? initial.apply(key) : before,
                                        event.event()),
                                "the rules gave no decision"));
            } catch (RuntimeException | StackOverflowError fault) {
                return failed(event, fault);
            } catch (VirtualMachineError broken) {
                throw broken;
            } catch (Error fault) {
                // A failed assertion or a class that cannot be loaded is no more than the rules'.
                return failed(event, fault);
            }
        }

        private Ruling<S, F> failed(Delivery.Decoded<E> event, Throwable fault) {
            return new Ruling.Failed<>(Failure.Fault.of(fault, code(event)));
        }

        private void note(Key key, Ruling<S, F> ruling) {
            switch (ruling) {
                case Ruling.Decided<S, F>(Decision.Accept<S, F>(S state, F _)) ->
                        states.put(key, state);
                case Ruling.Decided<S, F>(Decision.Reject<S, F> _) -> {}
                case Ruling.Failed<S, F> _ -> {
                    if (ordered) {
                        failed.add(key);
                    }
                }
                case Ruling.Behind<S, F> _ -> {}
            }
        }
    }
}
