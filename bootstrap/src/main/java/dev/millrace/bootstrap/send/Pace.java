package dev.millrace.bootstrap.send;

/** An even rate from a start on. */
final class Pace {

    private final double perSecond;
    private final long startNanos;

    /**
     * @param perSecond how many a second; 0 is no limit
     */
    Pace(double perSecond, long startNanos) {
        this.perSecond = perSecond;
        this.startNanos = startNanos;
    }

    /** How long the event of this index, from 0, must still wait; not positive when it is due. */
    long remainingNanos(long index, long nowNanos) {
        return perSecond <= 0 ? 0 : startNanos + (long) (index * 1e9 / perSecond) - nowNanos;
    }
}
