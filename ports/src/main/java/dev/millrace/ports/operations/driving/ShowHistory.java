package dev.millrace.ports.operations.driving;

import dev.millrace.domain.flow.FlowHistory;

/** Shows how this process fared in the last minutes. */
@FunctionalInterface
public interface ShowHistory {

    /** What is kept in memory; it asks nobody. */
    FlowHistory show();
}
