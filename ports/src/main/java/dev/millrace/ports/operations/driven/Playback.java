package dev.millrace.ports.operations.driven;

import dev.millrace.domain.Delivery;
import dev.millrace.domain.operations.ReplaySpan;

import java.util.List;
import java.util.Objects;

/**
 * The topic of one subscription, read once more beside the live traffic: no cursor moves, and no
 * consumer is in the way. Thread-safe.
 *
 * @param <E> the stream's event
 */
@FunctionalInterface
public interface Playback<E> {

    /**
     * Reads the first copies of a span, in their order, as a lane would read them.
     *
     * @param limit how many at most
     * @throws dev.millrace.ports.Unavailable when the broker is away, also in the midst of it
     */
    Stretch<E> read(ReplaySpan span, int limit);

    /**
     * What was read.
     *
     * @param rest what is left of the span
     */
    record Stretch<E>(List<Delivery<E>> copies, ReplaySpan rest) {
        public Stretch {
            copies = List.copyOf(copies);
            Objects.requireNonNull(rest);
        }
    }
}
