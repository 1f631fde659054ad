package dev.millrace.ports.operations.driving;

import dev.millrace.domain.operations.CursorPlace;

import java.util.List;

/** Shows how far the subscriptions of one stream have come. Thread-safe. */
@FunctionalInterface
public interface ShowCursors {

    /**
     * Shows where they are now.
     *
     * @return one place for each subscription and partition, in this order
     * @throws dev.millrace.ports.Unavailable when the broker is away or does not tell for every
     *     partition
     */
    List<CursorPlace> show();
}
