package dev.millrace.domain;

import java.util.Objects;

/**
 * One arrival of a copy at a subscription, possibly not the first.
 *
 * @param <E> the stream's event
 */
public sealed interface Delivery<E> {

    /** The copy that arrived. */
    Copy copy();

    /** Where the copy lies. */
    default Position position() {
        return copy().position();
    }

    /** A copy whose bytes were read as an event. */
    record Decoded<E>(MessageId messageId, Key key, E event, Digest digest, Copy copy)
            implements Delivery<E> {
        public Decoded {
            Objects.requireNonNull(messageId);
            Objects.requireNonNull(key);
            Objects.requireNonNull(event);
            Objects.requireNonNull(digest);
            Objects.requireNonNull(copy);
        }
    }

    /**
     * A copy that no known schema reads, or that lacks what every event has.
     *
     * @param messageId as found on the copy; empty when there is none
     * @param key as found on the copy; empty when there is none
     * @param cause what could not be read, for a person
     */
    record Undecodable<E>(String messageId, String key, String cause, Copy copy)
            implements Delivery<E> {
        public Undecodable {
            Objects.requireNonNull(messageId);
            Objects.requireNonNull(key);
            Objects.requireNonNull(cause);
            Objects.requireNonNull(copy);
        }
    }
}
