package dev.millrace.adapters.http.operations;

import dev.millrace.adapters.http.json.EventReader;
import dev.millrace.adapters.http.json.EventWriter;
import dev.millrace.domain.StreamName;
import dev.millrace.ports.operations.driving.EditQuarantined;
import dev.millrace.ports.operations.driving.ReadQuarantined;

import java.util.Objects;

/**
 * How the events of one stream are read and edited.
 *
 * @param reader of their JSON, the same as the gate's
 * @param writer of the same JSON
 */
public record StreamEdits<E>(
        StreamName name,
        EventReader<E> reader,
        EventWriter<E> writer,
        ReadQuarantined<E> read,
        EditQuarantined<E> edit) {

    public StreamEdits {
        Objects.requireNonNull(name);
        Objects.requireNonNull(reader);
        Objects.requireNonNull(writer);
        Objects.requireNonNull(read);
        Objects.requireNonNull(edit);
    }
}
