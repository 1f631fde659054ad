package dev.millrace.domain.ledger;

import dev.millrace.domain.InvalidValue;

/**
 * A positive amount of money.
 *
 * @param minor in minor units of its currency, 1 to 2^53−1, so that every JSON reader has it
 *     exactly
 */
public record Amount(long minor) {

    /** The largest amount: 2^53−1 minor units. */
    public static final long MAX_MINOR = (1L << 53) - 1;

    /**
     * @throws InvalidValue unless the amount is 1 to 2^53−1
     */
    public Amount {
        if (minor < 1 || minor > MAX_MINOR) {
            throw new InvalidValue("amountMinor", "must be a whole number from 1 to " + MAX_MINOR);
        }
    }
}
