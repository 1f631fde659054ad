package dev.millrace.ports.driven;

import dev.millrace.domain.MessageId;
import dev.millrace.domain.StreamName;
import dev.millrace.ports.MessageOutcome;

import java.util.List;

/** What the subscriptions' records say of an event. Thread-safe. */
@FunctionalInterface
public interface MessageHistory {

    /**
     * Looks an event up.
     *
     * @return one outcome for each subscription that has a record, and for each quarantined copy,
     *     in a stable order
     * @throws dev.millrace.ports.Unavailable when the database is away
     */
    List<MessageOutcome> outcomes(StreamName stream, MessageId messageId);
}
