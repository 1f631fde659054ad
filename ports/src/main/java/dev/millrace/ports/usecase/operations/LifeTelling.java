package dev.millrace.ports.usecase.operations;

import dev.millrace.domain.MessageId;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.operations.MessageLife;
import dev.millrace.ports.operations.driven.MessageArchive;
import dev.millrace.ports.operations.driving.TellLife;

import java.util.List;
import java.util.Objects;

/** Makes a story of what the tables hold about an event. Thread-safe. */
public final class LifeTelling implements TellLife {

    private final MessageArchive archive;

    public LifeTelling(MessageArchive archive) {
        this.archive = Objects.requireNonNull(archive);
    }

    @Override
    public List<MessageLife> tell(StreamName stream, MessageId messageId) {
        return archive.find(stream, messageId).stream().map(MessageLife::of).toList();
    }
}
