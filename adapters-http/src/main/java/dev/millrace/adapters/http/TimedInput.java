package dev.millrace.adapters.http;

import jakarta.servlet.http.HttpServletRequest;

import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.io.EndPoint;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.TimeoutException;

/**
 * A request's body, to be read by a deadline that holds however slowly it comes. A blocking read
 * knows none, but it ends with the connection's idle time: so that time is shortened while a read
 * waits.
 */
final class TimedInput implements AutoCloseable {

    private final InputStream input;
    private final EndPoint endPoint;
    private final long usualIdleMillis;
    private final long startNanos = System.nanoTime();
    private final Duration deadline;

    TimedInput(HttpServletRequest request, Duration deadline) throws IOException {
        this.input = request.getInputStream();
        this.endPoint =
                ServletContextRequest.getServletContextRequest(request)
                        .getConnectionMetaData()
                        .getConnection()
                        .getEndPoint();
        this.usualIdleMillis = endPoint.getIdleTimeout();
        this.deadline = deadline;
    }

    /**
     * Reads what has come, and waits when nothing has.
     *
     * @return how many bytes; -1 at the end
     * @throws TimeoutException at the deadline
     * @throws IOException when the caller is gone, or the connection's own idle time is over
     */
    int read(byte[] bytes, int offset, int length) throws IOException, TimeoutException {
        long leftMillis = deadline.minusNanos(System.nanoTime() - startNanos).toMillis();
        if (leftMillis < 1) {
            throw new TimeoutException();
        }
        if (input.available() == 0) {
            endPoint.setIdleTimeout(Math.min(leftMillis, usualIdleMillis));
        }
        return input.read(bytes, offset, length);
    }

    /** Gives the connection its usual idle time back. */
    @Override
    public void close() {
        if (endPoint.getIdleTimeout() != usualIdleMillis) {
            endPoint.setIdleTimeout(usualIdleMillis);
        }
    }
}
