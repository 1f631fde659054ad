package dev.millrace.ports.usecase.operations;

import dev.millrace.domain.operations.Absent;
import dev.millrace.domain.operations.Inspection;
import dev.millrace.domain.operations.QuarantinedEvent;
import dev.millrace.domain.operations.Revision;
import dev.millrace.domain.operations.Signature;
import dev.millrace.ports.Stream;
import dev.millrace.ports.driven.Encoder;
import dev.millrace.ports.operations.driven.Quarantine;
import dev.millrace.ports.operations.driving.EditQuarantined;

import java.util.Objects;

/**
 * Edits the quarantined events of one stream: what is written is an event of the stream, of the
 * same key, in the bytes that its publisher would have made of it. Thread-safe.
 */
public final class EventEditing<E> implements EditQuarantined<E> {

    private final Stream<E, ?, ?> stream;
    private final Encoder<E> encoder;
    private final Quarantine quarantine;

    public EventEditing(Stream<E, ?, ?> stream, Encoder<E> encoder, Quarantine quarantine) {
        this.stream = Objects.requireNonNull(stream);
        this.encoder = Objects.requireNonNull(encoder);
        this.quarantine = Objects.requireNonNull(quarantine);
    }

    @Override
    public Revision edit(long id, int edition, E event, Signature signature) {
        return switch (quarantine.show(id)) {
            case Inspection.Found found -> {
                QuarantinedEvent quarantined = found.dossier().event();
                yield quarantined.key().equals(stream.key().apply(event).value())
                        ? quarantine.edit(id, edition, encoder.encode(event), signature)
                        : new Revision.OtherKey(quarantined.key());
            }
            case Absent absent -> absent;
        };
    }
}
