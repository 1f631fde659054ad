package dev.millrace.adapters.http.operations;

import dev.millrace.adapters.http.json.EventReader;
import dev.millrace.domain.StreamName;
import dev.millrace.ports.operations.driving.EditQuarantined;

import java.util.Objects;

/**
 * How the events of one stream are edited.
 *
 * @param reader of their JSON, the same as the gate's
 */
public record StreamEdits<E>(StreamName name, EventReader<E> reader, EditQuarantined<E> edit) {

    public StreamEdits {
        Objects.requireNonNull(name);
        Objects.requireNonNull(reader);
        Objects.requireNonNull(edit);
    }
}
