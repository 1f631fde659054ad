package dev.millrace.domain.operations;

import dev.millrace.domain.Position;

import java.util.List;
import java.util.Objects;

/**
 * What one lane says of itself.
 *
 * @param lane its number in its process, from 0
 * @param acknowledged the place of the event that it acknowledged last; none before the first
 * @param rate events per second that it acknowledged over the last seconds
 * @param waitsFor what it waits for, for a person; empty when it waits for nothing but events
 */
public record LaneReport(
        int lane, LaneState state, List<Position> acknowledged, double rate, String waitsFor) {

    public LaneReport {
        Objects.requireNonNull(state);
        acknowledged = List.copyOf(acknowledged);
        Objects.requireNonNull(waitsFor);
    }
}
