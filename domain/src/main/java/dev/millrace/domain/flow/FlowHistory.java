package dev.millrace.domain.flow;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * The last minutes of a process.
 *
 * @param interval between two samples
 * @param samples the oldest first
 */
public record FlowHistory(Duration interval, List<FlowSample> samples) {

    public FlowHistory {
        Objects.requireNonNull(interval);
        samples = List.copyOf(samples);
    }
}
