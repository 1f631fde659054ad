package dev.millrace.ports.driving;

import java.util.List;

/**
 * Takes events of one stream in, durably. Thread-safe; blocks until each submission has its
 * receipt.
 *
 * @param <E> the stream's event
 */
@FunctionalInterface
public interface IngestEvents<E> {

    /**
     * Submits the items of one request, in order.
     *
     * <p>When one is refused before it is on its way to the broker, the later ones of its key are
     * not tried ({@link Receipt.Aborted}); when one is unknown, so are those of its key that were
     * on their way behind it. The caller sends all of them again, in order and with the same
     * message IDs.
     *
     * @return one receipt for each submission, in the same order
     */
    List<Receipt> ingest(List<Submission<E>> submissions);
}
