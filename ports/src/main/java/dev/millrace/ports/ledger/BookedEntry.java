package dev.millrace.ports.ledger;

import dev.millrace.domain.MessageId;
import dev.millrace.domain.ledger.Entry;

import java.time.Instant;
import java.util.Objects;

/** An entry as it stands in the books. */
public record BookedEntry(MessageId messageId, Entry entry, Instant appliedAt) {

    public BookedEntry {
        Objects.requireNonNull(messageId);
        Objects.requireNonNull(entry);
        Objects.requireNonNull(appliedAt);
    }
}
