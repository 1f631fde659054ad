package dev.millrace.domain.ledger;

import dev.millrace.domain.InvalidValue;

import java.util.Objects;

/**
 * The effect of an applied event: one line of an account's books.
 *
 * @param sequence its place among the account's entries, from 1 without a gap
 * @param event what was reported
 * @param balanceAfterMinor the account's balance after it, in minor units
 */
public record Entry(long sequence, LedgerEvent event, long balanceAfterMinor) {

    public Entry {
        if (sequence < 1) {
            throw new InvalidValue("sequence", "must be at least 1");
        }
        Objects.requireNonNull(event);
    }
}
