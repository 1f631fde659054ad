package dev.millrace.bootstrap.service;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What has been opened so far. Closing goes through it backwards and to the end, whatever fails on
 * the way; what is opened after the closing began is closed at once. Thread-safe.
 */
final class Opened implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Opened.class);

    private record Part(String name, AutoCloseable closing) {}

    private final Deque<Part> parts = new ArrayDeque<>();
    private boolean closing;

    /**
     * Remembers how to close a part.
     *
     * @param name for a person
     */
    void add(String name, AutoCloseable part) {
        Part added = new Part(name, part);
        synchronized (parts) {
            if (!closing) {
                parts.push(added);
                return;
            }
        }
        close(added);
    }

    @Override
    public void close() {
        while (true) {
            Part last;
            synchronized (parts) {
                closing = true;
                if (parts.isEmpty()) {
                    return;
                }
                last = parts.pop();
            }
            close(last);
        }
    }

    private static void close(Part part) {
        try {
            LOG.debug("stopping {}", part.name());
            part.closing().close();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (Exception failure) {
            LOG.warn("{} did not stop cleanly", part.name(), failure);
        }
    }
}
