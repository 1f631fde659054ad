package dev.millrace.ports.operations.driven;

import dev.millrace.domain.MessageId;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.operations.MessageEvidence;

import java.util.List;

/** All that the tables hold about events, in one tenant's namespace. Thread-safe; only reads. */
@FunctionalInterface
public interface MessageArchive {

    /**
     * Looks an event up, as of one moment.
     *
     * @return what each subscription of the stream that knows of it has, by the subscription's name
     * @throws dev.millrace.ports.Unavailable when the database is away
     */
    List<MessageEvidence> find(StreamName stream, MessageId messageId);
}
