package dev.millrace.domain;

/**
 * What order is kept for: events of one key take effect in the order in which the broker has them.
 */
public record Key(String value) implements Comparable<Key> {

    /**
     * @throws InvalidValue unless the value is an {@linkplain Identifiers identifier}
     */
    public Key {
        value = Identifiers.require("key", value);
    }

    /** Bytewise, as the database sorts. */
    @Override
    public int compareTo(Key other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
