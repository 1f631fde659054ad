package dev.millrace.ports.usecase;

import dev.millrace.domain.ParkedLoad;
import dev.millrace.domain.ParkingLimit;

import java.util.Objects;
import java.util.Optional;

/**
 * How much of a subscription is parked, as it was last looked at, and whether more may be.
 * Thread-safe.
 */
public final class ParkingSpace {

    private final ParkingLimit limit;
    private volatile ParkedLoad load = ParkedLoad.NONE;

    /** Begins with nothing parked. */
    public ParkingSpace(ParkingLimit limit) {
        this.limit = Objects.requireNonNull(limit);
    }

    void note(ParkedLoad found) {
        load = found;
    }

    /** What was parked when it was last looked at. */
    public ParkedLoad load() {
        return load;
    }

    /** Why no more may be parked; empty while there is room. */
    public Optional<String> shortage() {
        ParkedLoad now = load;
        return limit.isReached(now)
                ? Optional.of(
                        now.events()
                                + " events of "
                                + now.bytes()
                                + " bytes are parked, and the limits are "
                                + limit.events()
                                + " and "
                                + limit.bytes())
                : Optional.empty();
    }

    /** Whether one key's queue is longer than it should be. */
    public boolean isOneKeyBeyond() {
        return limit.isOneKeyBeyond(load);
    }
}
