package dev.millrace.ports.driving;

import dev.millrace.domain.MessageId;
import dev.millrace.domain.StreamName;
import dev.millrace.ports.MessageOutcome;

import java.util.List;

/** Tells what became of an event. Thread-safe. */
@FunctionalInterface
public interface ReadMessage {

    /**
     * Looks an event up.
     *
     * @return one outcome for each subscription that has one; empty when none has
     * @throws dev.millrace.ports.Unavailable when the database is away
     */
    List<MessageOutcome> read(StreamName stream, MessageId messageId);
}
