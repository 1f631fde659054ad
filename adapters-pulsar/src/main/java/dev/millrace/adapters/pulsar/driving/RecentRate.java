package dev.millrace.adapters.pulsar.driving;

import java.time.Instant;
import java.util.Arrays;

/** How many events a second there were over the last whole seconds. Thread-safe. */
final class RecentRate {

    private static final int SECONDS = 5;

    /** Of each second that is still remembered, by its remainder: the one under way, too. */
    private final long[] events = new long[SECONDS + 1];

    private long latest;

    synchronized void add(Instant now, int more) {
        forget(now.getEpochSecond());
        events[slot(now.getEpochSecond())] += more;
    }

    synchronized double perSecond(Instant now) {
        forget(now.getEpochSecond());
        long all = Arrays.stream(events).sum();
        return (double) (all - events[slot(now.getEpochSecond())]) / SECONDS;
    }

    /** Makes room for the seconds that have begun since. */
    private void forget(long second) {
        for (long begun = Math.max(latest + 1, second - SECONDS); begun <= second; begun++) {
            events[slot(begun)] = 0;
        }
        latest = Math.max(latest, second);
    }

    private int slot(long second) {
        return (int) (second % events.length);
    }
}
