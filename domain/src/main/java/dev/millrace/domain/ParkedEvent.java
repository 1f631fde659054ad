package dev.millrace.domain;

import java.util.Objects;

/**
 * An event that waits for its turn, as it was stored.
 *
 * @param sequence its place: events of one key take effect in the order of their sequences
 * @param digest of the event when it was parked
 * @param copy that stands for it
 * @param attempts how many tries of it have failed since it was parked, or since a person put it
 *     back; 0 for one that only waits behind another
 */
public record ParkedEvent(
        long sequence, MessageId messageId, Key key, Digest digest, Copy copy, int attempts) {

    public ParkedEvent {
        Objects.requireNonNull(messageId);
        Objects.requireNonNull(key);
        Objects.requireNonNull(digest);
        Objects.requireNonNull(copy);
        if (attempts < 0) {
            throw new InvalidValue("attempts", "must not be negative");
        }
    }
}
