package dev.millrace.domain.ledger;

import dev.millrace.domain.Identifiers;
import dev.millrace.domain.Key;

/** Names an account; also the key of its events. */
public record AccountId(String value) {

    /**
     * @throws dev.millrace.domain.InvalidValue unless the value is an {@linkplain Identifiers
     *     identifier}
     */
    public AccountId {
        value = Identifiers.require("accountId", value);
    }

    /** The key that keeps this account's events in order. */
    public Key key() {
        return new Key(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
