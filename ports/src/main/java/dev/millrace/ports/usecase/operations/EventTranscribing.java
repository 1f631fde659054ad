package dev.millrace.ports.usecase.operations;

import dev.millrace.domain.Content;
import dev.millrace.domain.Copy;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.Digest;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.ParkedEvent;
import dev.millrace.domain.Reason;
import dev.millrace.domain.operations.Absent;
import dev.millrace.domain.operations.Dossier;
import dev.millrace.domain.operations.Inspection;
import dev.millrace.domain.operations.QuarantinedEvent;
import dev.millrace.domain.operations.Transcript;
import dev.millrace.domain.operations.Transcript.Edition;
import dev.millrace.ports.driven.Decoder;
import dev.millrace.ports.operations.driven.Quarantine;
import dev.millrace.ports.operations.driving.ReadQuarantined;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Reads the contents of one stream's quarantined events with the schemas that wrote them.
 * Thread-safe.
 */
public final class EventTranscribing<E> implements ReadQuarantined<E> {

    private final Decoder<E> decoder;
    private final Quarantine quarantine;

    public EventTranscribing(Decoder<E> decoder, Quarantine quarantine) {
        this.decoder = Objects.requireNonNull(decoder);
        this.quarantine = Objects.requireNonNull(quarantine);
    }

    @Override
    public Transcript<E> read(long id) {
        return switch (quarantine.show(id)) {
            case Inspection.Found(Dossier dossier) ->
                    new Transcript.Found<>(dossier.event(), editions(dossier));
            case Absent absent -> new Transcript.Gone<>(absent);
        };
    }

    private List<Edition<E>> editions(Dossier dossier) {
        List<Edition<E>> editions = new ArrayList<>();
        Copy came = dossier.copy();
        editions.add(edition(dossier, 0, new Content(came.schemaVersion(), came.payload())));
        dossier.edits()
                .forEach(edit -> editions.add(edition(dossier, edit.edition(), edit.content())));
        return editions;
    }

    private Edition<E> edition(Dossier dossier, int number, Content content) {
        QuarantinedEvent event = dossier.event();
        if (event.reason().equals(Reason.UNDECODABLE)) {
            return new Edition.Illegible<>(number, event.detail());
        }
        Copy copy = dossier.copy();
        ParkedEvent stored =
                new ParkedEvent(
                        0,
                        new MessageId(event.messageId()),
                        new Key(event.key()),
                        new Digest(dossier.digest()),
                        new Copy(
                                copy.position(),
                                copy.publishedAt(),
                                content.payload(),
                                content.schemaVersion(),
                                copy.properties()),
                        0);
        return switch (decoder.decode(stored)) {
            case Delivery.Decoded<E> decoded -> new Edition.Legible<>(number, decoded.event());
            case Delivery.Undecodable<E> raw -> new Edition.Illegible<>(number, raw.cause());
        };
    }
}
