package dev.millrace.domain.flow;

import dev.millrace.domain.SubscriptionType;
import dev.millrace.domain.operations.LaneState;
import dev.millrace.domain.operations.SubscriptionName;

import java.util.Map;
import java.util.Objects;

/**
 * How one subscription fares in one process.
 *
 * @param lanes of this process, by what they do now; none where it has no lanes
 * @param interrupted whether an outage of the database holds the lanes
 * @param lag commit time less publish time
 * @param transaction of a batch
 */
public record SubscriptionFlow(
        SubscriptionName name,
        SubscriptionType type,
        Backlog backlog,
        Progress progress,
        Latency lag,
        Latency transaction,
        Map<LaneState, Integer> lanes,
        boolean interrupted,
        Standstill standstill) {

    public SubscriptionFlow {
        Objects.requireNonNull(name);
        Objects.requireNonNull(type);
        Objects.requireNonNull(backlog);
        Objects.requireNonNull(progress);
        Objects.requireNonNull(lag);
        Objects.requireNonNull(transaction);
        lanes = Map.copyOf(lanes);
        Objects.requireNonNull(standstill);
    }

    /** How many lanes this process has. */
    public int laneCount() {
        return lanes.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** How many of them are in a state. */
    public int lanesIn(LaneState state) {
        return lanes.getOrDefault(state, 0);
    }
}
