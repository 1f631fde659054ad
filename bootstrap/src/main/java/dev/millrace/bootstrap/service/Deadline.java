package dev.millrace.bootstrap.service;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Until when something has to be over. */
record Deadline(InstantSource clock, Instant end) {

    static Deadline in(Duration time, InstantSource clock) {
        return new Deadline(clock, clock.instant().plus(time));
    }

    /** Never negative. */
    Duration remaining() {
        Duration left = Duration.between(clock.instant(), end);
        return left.isNegative() ? Duration.ZERO : left;
    }

    /** A part of what remains, so that those who come later have some of it too. */
    Duration half() {
        return remaining().dividedBy(2);
    }
}
