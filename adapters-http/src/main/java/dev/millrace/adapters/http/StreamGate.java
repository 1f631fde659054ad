package dev.millrace.adapters.http;

import dev.millrace.adapters.http.json.EventReader;
import dev.millrace.domain.StreamName;
import dev.millrace.ports.driving.IngestEvents;

import java.util.Objects;

/**
 * One stream that the gate takes events of.
 *
 * @param <E> the stream's event
 * @param name as in the path
 * @param reader from JSON to an event
 * @param ingest where events go
 */
public record StreamGate<E>(StreamName name, EventReader<E> reader, IngestEvents<E> ingest) {

    public StreamGate {
        Objects.requireNonNull(name);
        Objects.requireNonNull(reader);
        Objects.requireNonNull(ingest);
    }
}
