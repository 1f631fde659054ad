package dev.millrace.domain.operations;

import java.util.List;

/**
 * What the lanes of all processes do, and what people want of them.
 *
 * @param lanes by subscription, process and number; those whose process has been silent are not
 *     among them
 * @param pauses of the subscriptions that are to pause; all others are to run
 */
public record LaneOverview(List<ReportedLane> lanes, List<LanePause> pauses) {

    public LaneOverview {
        lanes = List.copyOf(lanes);
        pauses = List.copyOf(pauses);
    }
}
