package dev.millrace.domain;

import java.util.Objects;

/**
 * What a stream's pure rules say about one event in one state.
 *
 * @param <S> the state of a key
 * @param <F> the effect of an accepted event
 */
public sealed interface Decision<S, F> {

    /** The event takes effect and leaves the key in a new state. */
    record Accept<S, F>(S state, F effect) implements Decision<S, F> {
        public Accept {
            Objects.requireNonNull(state);
            Objects.requireNonNull(effect);
        }
    }

    /** A business rule said no; the state stays as it was. */
    record Reject<S, F>(Reason reason) implements Decision<S, F> {
        public Reject {
            Objects.requireNonNull(reason);
        }
    }
}
