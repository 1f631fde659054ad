package dev.millrace.ports.operations.driving;

import dev.millrace.domain.operations.LaneOverview;

/** Shows what the lanes of all processes do, and what people want of them. Thread-safe. */
@FunctionalInterface
public interface ShowLanes {

    /**
     * Shows them as they were within the last second or so.
     *
     * @throws dev.millrace.ports.Unavailable when the database is away
     */
    LaneOverview show();
}
