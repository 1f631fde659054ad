package dev.millrace.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/**
 * Whether what a subscription stands on is there. While it is open nobody works; one prober at a
 * time tries, after a growing delay, and its success closes it. An outage is counted against no
 * event.
 */
public sealed interface Breaker {

    /** Everything is there. */
    record Closed() implements Breaker {
        @Override
        public Open failed(Instant now, Duration delay) {
            return new Open(now, 1, now.plus(delay));
        }
    }

    /**
     * An outage.
     *
     * @param since when it was first noticed
     * @param failures how often a try has failed in a row
     * @param probeAt when the next prober may try
     */
    record Open(Instant since, int failures, Instant probeAt) implements Breaker {
        public Open {
            if (failures < 1) {
                throw new InvalidValue("failures", "must be at least 1 in an outage");
            }
            Objects.requireNonNull(since);
            Objects.requireNonNull(probeAt);
        }

        @Override
        public Open failed(Instant now, Duration delay) {
            return new Open(since, failures + 1, now.plus(delay));
        }

        /** Whether it is time for a prober. */
        public boolean due(Instant now) {
            return !now.isBefore(probeAt);
        }

        /** A prober has set out: the others wait until it is back, or this long at most. */
        public Open probing(Instant now, Duration patience) {
            return new Open(since, failures, now.plus(patience));
        }

        /** How long until the next prober may try; never negative. */
        public Duration remaining(Instant now) {
            return due(now) ? Duration.ZERO : Duration.between(now, probeAt);
        }
    }

    /**
     * A try failed.
     *
     * @param delay until the next prober may try
     */
    Open failed(Instant now, Duration delay);
}
