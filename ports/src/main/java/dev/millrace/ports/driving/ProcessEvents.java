package dev.millrace.ports.driving;

import dev.millrace.domain.Delivery;

import java.util.List;
import java.util.function.Supplier;

/**
 * Applies what a subscription delivers. Thread-safe: each lane calls it with one batch at a time,
 * and does what it is told.
 *
 * @param <E> the stream's event
 */
@FunctionalInterface
public interface ProcessEvents<E> {

    /**
     * Decodes and applies one batch.
     *
     * @param batch yields the deliveries in the order of their arrival; asked at most once a call,
     *     and may throw {@link dev.millrace.ports.Unavailable} when what decodes them is away. An
     *     empty batch only asks whether the outage is over.
     * @return what the lane has to do; never an exception for an outage or an event's own fault
     */
    Instruction process(Supplier<List<Delivery<E>>> batch);
}
