package dev.millrace.domain;

/**
 * The event's own stable identity, unique in its tenant and stream. It travels through every retry,
 * dead letter and replay, and is what makes a second effect impossible.
 */
public record MessageId(String value) implements Comparable<MessageId> {

    /**
     * @throws InvalidValue unless the value is an {@linkplain Identifiers identifier}
     */
    public MessageId {
        value = Identifiers.require("messageId", value);
    }

    /** Bytewise, as the database sorts. */
    @Override
    public int compareTo(MessageId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
