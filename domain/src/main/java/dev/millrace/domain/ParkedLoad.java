package dev.millrace.domain;

import java.time.Duration;

/**
 * How much of a subscription is parked.
 *
 * @param events how many
 * @param bytes of their payloads together
 * @param longest how many wait in the longest queue of a key
 * @param keys that have any
 * @param waitingKeys how many keys wait for a person
 * @param oldest how long ago the first of them was published; zero when there is none
 */
public record ParkedLoad(
        long events, long bytes, long longest, long keys, long waitingKeys, Duration oldest) {

    /** Nothing is parked. */
    public static final ParkedLoad NONE = new ParkedLoad(0, 0, 0, 0, 0, Duration.ZERO);

    public ParkedLoad {
        if (events < 0
                || bytes < 0
                || longest < 0
                || keys < 0
                || waitingKeys < 0
                || oldest.isNegative()) {
            throw new InvalidValue("load", "must have no negative part");
        }
    }
}
