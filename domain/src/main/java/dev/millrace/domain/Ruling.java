package dev.millrace.domain;

import java.util.Objects;

/**
 * What came of one event when its turn was there.
 *
 * @param <S> the state of a key
 * @param <F> the effect of an accepted event
 */
public sealed interface Ruling<S, F> {

    /** The rules have spoken. */
    record Decided<S, F>(Decision<S, F> decision) implements Ruling<S, F> {
        public Decided {
            Objects.requireNonNull(decision);
        }
    }

    /** The event failed by its own fault. */
    record Failed<S, F>(Failure.Fault fault) implements Ruling<S, F> {
        public Failed {
            Objects.requireNonNull(fault);
        }
    }

    /** An event of its key failed before it, so the rules were not asked. */
    record Behind<S, F>() implements Ruling<S, F> {}
}
