package dev.millrace.adapters.http.events;

import dev.millrace.adapters.http.answers.Refusal;
import dev.millrace.adapters.http.body.Frame;

/**
 * From the items of one request to events. Made for each request from its media type and its
 * headers, so that all forms that events come in share framing, limits and answers.
 *
 * @param <E> the stream's event
 */
@FunctionalInterface
public interface ItemReader<E> {

    /**
     * Reads one item.
     *
     * @throws Refusal when it cannot be read at all; that ends nothing but this item
     */
    Item<E> read(Frame frame);
}
