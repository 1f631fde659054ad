package dev.millrace.ports.driving;

import dev.millrace.domain.MessageId;

import java.util.Map;
import java.util.Objects;

/**
 * One item of a caller's request.
 *
 * @param <E> the stream's event
 */
public sealed interface Submission<E> {

    /** An event whose message ID the caller gave. */
    record Identified<E>(MessageId messageId, E event, Map<String, String> properties)
            implements Submission<E> {
        public Identified {
            Objects.requireNonNull(messageId);
            Objects.requireNonNull(event);
            properties = Map.copyOf(properties);
        }
    }

    /** An event that is to be given a message ID. */
    record Anonymous<E>(E event, Map<String, String> properties) implements Submission<E> {
        public Anonymous {
            Objects.requireNonNull(event);
            properties = Map.copyOf(properties);
        }
    }

    /**
     * An item that is no event. It is submitted all the same, since it holds up the later ones of
     * its key.
     *
     * @param key as far as it could be read; empty when it could not
     */
    record Unreadable<E>(String key) implements Submission<E> {
        public Unreadable {
            Objects.requireNonNull(key);
        }
    }
}
