package dev.millrace.ports.operations.driving;

import dev.millrace.domain.operations.SchemaVersion;

import java.util.List;

/** Shows the versions of one stream's schema. Thread-safe. */
@FunctionalInterface
public interface ShowSchemas {

    /**
     * Shows those that are registered now.
     *
     * @return the oldest first
     * @throws dev.millrace.ports.Unavailable when the broker is away
     */
    List<SchemaVersion> show();
}
