package dev.millrace.domain.operations;

import dev.millrace.domain.Position;
import dev.millrace.domain.Reason;
import dev.millrace.domain.StreamName;

import java.time.Instant;
import java.util.Objects;

/**
 * A copy that needs a person, without its bytes.
 *
 * @param id of its stay in quarantine: an event that comes back has another one
 * @param subscription by its name in the stream
 * @param messageId as found on the copy; empty when there was none
 * @param key as found on the copy; empty when there was none
 * @param detail for a person
 * @param attempts how many tries of it have failed in all
 * @param edition 0 as it came, and one more with each edit
 */
public record QuarantinedEvent(
        long id,
        StreamName stream,
        String subscription,
        String messageId,
        String key,
        Reason reason,
        String detail,
        Position position,
        Instant publishedAt,
        Instant quarantinedAt,
        int attempts,
        int edition) {

    public QuarantinedEvent {
        Objects.requireNonNull(stream);
        Objects.requireNonNull(subscription);
        Objects.requireNonNull(messageId);
        Objects.requireNonNull(key);
        Objects.requireNonNull(reason);
        Objects.requireNonNull(detail);
        Objects.requireNonNull(position);
        Objects.requireNonNull(publishedAt);
        Objects.requireNonNull(quarantinedAt);
    }

    /**
     * Whether another try can help: not where another event stands under the message ID, nor where
     * no schema reads the copy, nor where nobody knows whether the event took effect before.
     */
    public boolean isRetriable() {
        return !reason.equals(Reason.CONFLICT)
                && !reason.equals(Reason.UNDECODABLE)
                && !reason.equals(Reason.BEYOND_HORIZON);
    }
}
