package dev.millrace.domain.ledger;

import dev.millrace.domain.InvalidValue;

import java.util.Locale;

/** Whether an entry adds to the balance or takes from it. */
public enum EntryType {
    CREDIT,
    DEBIT;

    /**
     * Reads {@code credit} or {@code debit}.
     *
     * @throws InvalidValue when it is neither
     */
    public static EntryType of(String text) {
        return switch (text) {
            case "credit" -> CREDIT;
            case "debit" -> DEBIT;
            default -> throw new InvalidValue("type", "must be credit or debit");
        };
    }

    /** {@code credit} or {@code debit}: the form that {@link #of} reads. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
