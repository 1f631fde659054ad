package dev.millrace.ports.driven;

import dev.millrace.domain.Delivery;
import dev.millrace.domain.Key;
import dev.millrace.domain.Verdict;

import java.util.List;
import java.util.Map;

/**
 * How an inbox has its events decided. It changes nothing outside, so a transaction that is run
 * again may ask again.
 *
 * @param <E> the stream's event
 * @param <S> the state of a key
 * @param <F> the effect of an accepted event
 */
@FunctionalInterface
public interface Deciding<E, S, F> {

    /**
     * Decides a run of events. An event's own fault is part of the verdict.
     *
     * @param events in the order in which they take effect; none of a blocked key
     * @param known the states that exist before the first of them
     * @throws dev.millrace.ports.Unavailable when nobody is there to decide
     */
    Verdict<E, S, F> on(List<Delivery.Decoded<E>> events, Map<Key, S> known);
}
