package dev.millrace.domain;

/**
 * How much of a subscription may be parked before its lanes pause, and how long one key's queue may
 * grow before somebody is told.
 */
public record ParkingLimit(long events, long bytes, long eventsOfOneKey) {

    public ParkingLimit {
        if (events < 1 || bytes < 1 || eventsOfOneKey < 1) {
            throw new InvalidValue("parking", "must have positive limits");
        }
    }

    /** Whether no more may be parked. */
    public boolean isReached(ParkedLoad load) {
        return load.events() >= events || load.bytes() >= bytes;
    }

    /** Whether a key's queue is longer than it should be; that pauses nobody. */
    public boolean isOneKeyBeyond(ParkedLoad load) {
        return load.longest() > eventsOfOneKey;
    }
}
