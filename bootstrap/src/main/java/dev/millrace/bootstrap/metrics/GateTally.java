package dev.millrace.bootstrap.metrics;

import java.util.Objects;

/**
 * What was counted for one stream at the gate since the start.
 *
 * @param accepted items
 * @param all items, whatever became of them
 * @param throttled those that were more than the gate takes at once
 * @param unstored those that the broker did not take or did not confirm
 * @param published from the hand-over to the broker to its receipt
 */
public record GateTally(
        double accepted, double all, double throttled, double unstored, Distribution published) {

    public GateTally {
        Objects.requireNonNull(published);
    }
}
