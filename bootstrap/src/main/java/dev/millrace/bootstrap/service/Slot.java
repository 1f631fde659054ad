package dev.millrace.bootstrap.service;

import java.util.ArrayList;
import java.util.List;

/**
 * The place in the order of closing for what is opened later, in the background. What comes after
 * the place was closed is closed at once. Thread-safe.
 */
final class Slot implements AutoCloseable {

    private final List<Runnable> closings = new ArrayList<>();
    private boolean closed;

    /** Remembers how to close something. */
    void fill(Runnable closing) {
        synchronized (closings) {
            if (!closed) {
                closings.add(closing);
                return;
            }
        }
        closing.run();
    }

    @Override
    public void close() {
        List<Runnable> last;
        synchronized (closings) {
            closed = true;
            last = List.copyOf(closings);
            closings.clear();
        }
        last.forEach(Runnable::run);
    }
}
