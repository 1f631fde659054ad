package dev.millrace.domain.ledger;

import dev.millrace.domain.CanonicalForm;
import dev.millrace.domain.InvalidValue;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * A credit or a debit that a caller reports.
 *
 * @param occurredAt any instant of the years 0001 to 9999 in whole microseconds; never used for
 *     order
 * @param description free text of at most 500 characters; empty when there is none
 */
public record LedgerEvent(
        AccountId account,
        EntryType type,
        Amount amount,
        CurrencyCode currency,
        Instant occurredAt,
        String description) {

    /** The most characters (UTF-16 units) of a description. */
    public static final int MAX_DESCRIPTION_LENGTH = 500;

    private static final int CANONICAL_VERSION = 1;
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");

    /**
     * @throws InvalidValue when the time or the description breaks its rule
     */
    public LedgerEvent {
        Objects.requireNonNull(account);
        Objects.requireNonNull(type);
        Objects.requireNonNull(amount);
        Objects.requireNonNull(currency);
        occurredAt = requireTime(occurredAt);
        description = requireText(description);
    }

    /** Answers the instant when an event may have it. */
    public static Instant requireTime(Instant occurredAt) {
        if (occurredAt.isBefore(FIRST) || !occurredAt.isBefore(END)) {
            throw new InvalidValue("occurredAt", "must lie in the years 0001 to 9999, in UTC");
        }
        if (!occurredAt.equals(occurredAt.truncatedTo(ChronoUnit.MICROS))) {
            throw new InvalidValue("occurredAt", "must not be finer than microseconds");
        }
        return occurredAt;
    }

    /**
     * Answers the text when a description may be it: what the database and every encoder keep
     * unchanged.
     */
    public static String requireText(String description) {
        if (description.length() > MAX_DESCRIPTION_LENGTH) {
            throw new InvalidValue(
                    "description", "must have at most " + MAX_DESCRIPTION_LENGTH + " characters");
        }
        for (int i = 0; i < description.length(); i++) {
            char character = description.charAt(i);
            if (character == 0) {
                throw new InvalidValue("description", "must not contain U+0000");
            }
            if (Character.isHighSurrogate(character)
                    && i + 1 < description.length()
                    && Character.isLowSurrogate(description.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(character)) {
                throw new InvalidValue(
                        "description", "must be well-formed Unicode, without a lone surrogate");
            }
        }
        return description;
    }

    /** What two copies of this event share. */
    public CanonicalForm canonicalForm() {
        Map<String, String> fields = new HashMap<>();
        fields.put("type", type.toString());
        fields.put("amountMinor", Long.toString(amount.minor()));
        fields.put("currency", currency.value());
        fields.put("occurredAt", occurredAt.toString());
        if (!description.isEmpty()) {
            fields.put("description", description);
        }
        return CanonicalForm.of(CANONICAL_VERSION, account.key(), fields);
    }
}
