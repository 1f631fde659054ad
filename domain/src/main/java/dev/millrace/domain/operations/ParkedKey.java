package dev.millrace.domain.operations;

import dev.millrace.domain.MessageId;
import dev.millrace.domain.Position;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A key that waits.
 *
 * @param events how many of its events are parked
 * @param bytes of their payloads together
 * @param awaited the IDs of the quarantined events that it waits for a person to deal with
 * @param heads the event that is tried next; none when nothing is parked
 */
public record ParkedKey(
        SubscribedKey key, long events, long bytes, List<Long> awaited, List<Head> heads) {

    public ParkedKey {
        Objects.requireNonNull(key);
        awaited = List.copyOf(awaited);
        heads = List.copyOf(heads);
    }

    /**
     * The first of a key's parked events.
     *
     * @param attempts how many tries have failed since it was parked
     * @param dueAt when it is tried again; never while its key waits for a person, which is {@link
     *     Instant#MAX}
     */
    public record Head(
            MessageId messageId, Position position, int attempts, Instant parkedAt, Instant dueAt) {
        public Head {
            Objects.requireNonNull(messageId);
            Objects.requireNonNull(position);
            Objects.requireNonNull(parkedAt);
            Objects.requireNonNull(dueAt);
        }
    }
}
