package dev.millrace.adapters.http.server;

import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/**
 * A port that can part with its callers before it closes: it takes connections and requests as
 * ever, and each answer is the last one of its connection and says so. Thread-safe.
 */
final class DrainingConnector extends ServerConnector {

    private volatile boolean isDraining;

    DrainingConnector(Server server, HttpConnectionFactory connections) {
        super(server, connections);
    }

    /** From here on no connection outlives an answer that is still to be written. */
    void drain() {
        isDraining = true;
    }

    /** Whether an answer that begins now is the last one of its connection. */
    boolean isDraining() {
        return isDraining;
    }
}
