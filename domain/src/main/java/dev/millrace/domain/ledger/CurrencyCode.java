package dev.millrace.domain.ledger;

import dev.millrace.domain.InvalidValue;

/** A currency by its three capital letters, as in ISO 4217. */
public record CurrencyCode(String value) {

    /**
     * @throws InvalidValue unless the value is three letters A-Z
     */
    public CurrencyCode {
        if (value.length() != 3
                || !value.chars().allMatch(character -> character >= 'A' && character <= 'Z')) {
            throw new InvalidValue("currency", "must be three letters A-Z");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
