package dev.millrace.adapters.http;

/**
 * From the items of one request to events. Made for each request from its media type and its
 * headers, so that all forms that events come in share framing, limits and answers.
 *
 * @param <E> the stream's event
 */
@FunctionalInterface
interface ItemReader<E> {

    /**
     * Reads one item.
     *
     * @throws Refusal when it cannot be read at all; that ends nothing but this item
     */
    Item<E> read(Frame frame);
}
