package dev.millrace.domain;

import java.time.Instant;
import java.util.Objects;

/**
 * Where an idempotency record says that its event lies.
 *
 * @param publishedAt when the newest counted copy of the event was published
 * @param recordedAt when the record was written
 */
public record RecordedCopy(
        MessageId messageId, Position position, Instant publishedAt, Instant recordedAt) {

    public RecordedCopy {
        Objects.requireNonNull(messageId);
        Objects.requireNonNull(position);
        Objects.requireNonNull(publishedAt);
        Objects.requireNonNull(recordedAt);
    }
}
