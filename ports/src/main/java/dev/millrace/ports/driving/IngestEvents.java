package dev.millrace.ports.driving;

import java.util.Iterator;
import java.util.function.Consumer;

/**
 * Takes events of one stream in, durably. Thread-safe; blocks until each submission has its
 * receipt.
 *
 * @param <E> the stream's event
 */
@FunctionalInterface
public interface IngestEvents<E> {

    /**
     * Submits the items of one request, in order, as they are read: a request of any length is
     * never held whole.
     *
     * <p>When one fails before it is on its way to the broker, the later ones of its key are not
     * tried ({@link Receipt.Aborted}), however far behind; when one is unknown, so are those of its
     * key that were on their way behind it. Once the broker was late with an answer, the rest of
     * the request is not tried. The caller sends all of them again, in order and with the same
     * message IDs.
     *
     * @param submissions read to its end, some ahead of their receipts; what it throws ends the
     *     request, those that were read and have no receipt are not stored
     * @param receipts is given one receipt for each submission, in the same order
     */
    void ingest(Iterator<Submission<E>> submissions, Consumer<Receipt> receipts);
}
