package dev.millrace.ports;

import dev.millrace.domain.CanonicalForm;
import dev.millrace.domain.Decision;
import dev.millrace.domain.Digest;
import dev.millrace.domain.Key;
import dev.millrace.domain.StreamName;

import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * All that the engine knows of a stream's business. Thread-safe, as its functions are pure.
 *
 * @param <E> the event
 * @param <S> the state of a key
 * @param <F> the effect of an accepted event
 * @param name of the stream, and of its topic
 * @param key what order is kept for
 * @param canonical what two copies of one event share
 * @param initial the state of a key that has none
 * @param decide from state and event to new state and effect, or a rejection
 */
public record Stream<E, S, F>(
        StreamName name,
        Function<E, Key> key,
        Function<E, CanonicalForm> canonical,
        Function<Key, S> initial,
        BiFunction<S, E, Decision<S, F>> decide) {

    public Stream {
        Objects.requireNonNull(name);
        Objects.requireNonNull(key);
        Objects.requireNonNull(canonical);
        Objects.requireNonNull(initial);
        Objects.requireNonNull(decide);
    }

    /** The digest of an event. */
    public Digest digest(E event) {
        return Digest.of(canonical.apply(event));
    }
}
