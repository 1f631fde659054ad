package dev.millrace.ports.operations.driving;

import dev.millrace.domain.MessageId;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.operations.MessageLife;

import java.util.List;

/** Tells what happened to an event, in the order of time. Thread-safe. */
@FunctionalInterface
public interface TellLife {

    /**
     * Tells of one.
     *
     * @return one life for each subscription that knows of it; empty when none does
     * @throws dev.millrace.ports.Unavailable when the database is away
     */
    List<MessageLife> tell(StreamName stream, MessageId messageId);
}
