package dev.millrace.ports.driven;

import dev.millrace.domain.MessageId;

/** A source of message IDs that nobody has used before. Thread-safe. */
@FunctionalInterface
public interface MessageIds {

    /** A new message ID. */
    MessageId next();
}
