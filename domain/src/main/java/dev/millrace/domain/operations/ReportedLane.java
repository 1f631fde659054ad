package dev.millrace.domain.operations;

import java.time.Instant;
import java.util.Objects;

/**
 * A lane as its process told of it last.
 *
 * @param process the name of the process, which no other one has
 */
public record ReportedLane(
        SubscriptionName subscription, String process, LaneReport report, Instant reportedAt) {

    public ReportedLane {
        Objects.requireNonNull(subscription);
        Objects.requireNonNull(process);
        Objects.requireNonNull(report);
        Objects.requireNonNull(reportedAt);
    }
}
