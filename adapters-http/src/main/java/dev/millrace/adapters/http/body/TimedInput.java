package dev.millrace.adapters.http.body;

import jakarta.servlet.http.HttpServletRequest;

import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * A request's body, which may keep its reader waiting for so long in all and no longer, however
 * slowly it comes. A blocking read knows no deadline, but it ends with the connection's idle time:
 * so that time is shortened while a read waits. The time between two reads is the reader's own and
 * does not count.
 */
final class TimedInput implements AutoCloseable {

    private final InputStream input;
    private final EndPoint endPoint;
    private final long usualIdleMillis;
    private Duration left;
    private boolean broken;

    TimedInput(HttpServletRequest request, Duration patience) throws IOException {
        this.input = request.getInputStream();
        ConnectionMetaData connection =
                ServletContextRequest.getServletContextRequest(request).getConnectionMetaData();
        this.endPoint = connection.getConnection().getEndPoint();
        this.usualIdleMillis = connection.getConnector().getIdleTimeout();
        this.left = patience;
    }

    /**
     * Reads what has come, and waits when nothing has.
     *
     * @return how many bytes; -1 at the end
     * @throws TimeoutException when it has kept waiting for too long
     * @throws IOException when the caller is gone, or the connection's own idle time is over
     */
    int read(byte[] bytes, int offset, int length) throws IOException, TimeoutException {
        if (input.available() > 0) {
            return input.read(bytes, offset, length);
        }
        long leftMillis = left.toMillis();
        if (leftMillis < 1) {
            throw new TimeoutException();
        }
        endPoint.setIdleTimeout(Math.min(leftMillis, usualIdleMillis));
        long startNanos = System.nanoTime();
        try {
            return input.read(bytes, offset, length);
        } catch (IOException failure) {
            broken = true;
            throw failure;
        } finally {
            left = left.minusNanos(System.nanoTime() - startNanos);
        }
    }

    /**
     * Gives the connection its usual idle time back, unless it ends anyway: Jetty's timer, which
     * may have gone off just now, would wait for that time before it looks again, whatever a next
     * reader sets meanwhile.
     */
    @Override
    public void close() {
        if (!broken && endPoint.getIdleTimeout() != usualIdleMillis) {
            endPoint.setIdleTimeout(usualIdleMillis);
        }
    }
}
