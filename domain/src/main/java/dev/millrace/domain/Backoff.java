package dev.millrace.domain;

import java.time.Duration;

/**
 * How long to wait before the next try: doubling from the first delay up to a cap, each shortened
 * by a random part so that many who failed together do not come back together.
 */
public record Backoff(Duration first, Duration cap) {

    public Backoff {
        if (!first.isPositive() || cap.compareTo(first) < 0) {
            throw new InvalidValue(
                    "backoff", "must have a positive first delay and a cap of at least that");
        }
    }

    /**
     * The wait before the next try.
     *
     * @param failures how many tries have failed in a row, from 1
     * @param random from 0 to below 1, drawn by the caller
     * @return between half of the nominal delay and all of it
     */
    public Duration delay(int failures, double random) {
        int doublings = Math.clamp(failures - 1, 0, 30);
        Duration nominal = first.multipliedBy(1L << doublings);
        Duration bounded = nominal.compareTo(cap) > 0 ? cap : nominal;
        return Duration.ofNanos((long) (bounded.toNanos() * (0.5 + random / 2)));
    }
}
