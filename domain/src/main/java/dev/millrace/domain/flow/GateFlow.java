package dev.millrace.domain.flow;

import java.util.Objects;

/**
 * What the gate of one process did over the last seconds.
 *
 * @param acceptedRate events per second that callers heard to be stored
 * @param refusedRate events per second that they heard anything else of
 * @param throttledRate those of them that were more than the gate takes at once
 * @param unstoredRate those of them that the broker did not take, or did not confirm
 * @param publish from the hand-over to the broker to its receipt
 * @param inFlight events that wait for a receipt now
 * @param inFlightLimit how many may
 * @param brokerTakes whether the broker takes events now, as far as is known
 */
public record GateFlow(
        double acceptedRate,
        double refusedRate,
        double throttledRate,
        double unstoredRate,
        Latency publish,
        long inFlight,
        long inFlightLimit,
        boolean brokerTakes) {

    public GateFlow {
        Objects.requireNonNull(publish);
    }
}
