package dev.millrace.adapters.http.server;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Tells in the log that requests are refused because what answers them is away: the first at once,
 * from then on one a minute, with how many there were. Thread-safe.
 */
final class OutageLog {

    private static final Logger LOG = LoggerFactory.getLogger(OutageLog.class);
    private static final long INTERVAL = TimeUnit.MINUTES.toNanos(1);

    private final LongSupplier nanoTime;
    private long dueAt;
    private long untold;

    /**
     * @param nanoTime a clock that never goes back, in nanoseconds
     */
    OutageLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.dueAt = nanoTime.getAsLong();
    }

    /** A request is refused. */
    void refused(String route, String why) {
        long refused = count();
        if (refused > 0) {
            LOG.warn(
                    "{} is answered 503: {} (refused since this was told last: {})",
                    route,
                    why,
                    refused);
        }
    }

    /** How many are to be told of now, this one among them; 0 when it is too early. */
    synchronized long count() {
        untold++;
        long now = nanoTime.getAsLong();
        if (now - dueAt < 0) {
            return 0;
        }
        long refused = untold;
        untold = 0;
        dueAt = now + INTERVAL;
        return refused;
    }
}
