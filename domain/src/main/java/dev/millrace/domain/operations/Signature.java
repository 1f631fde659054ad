package dev.millrace.domain.operations;

import dev.millrace.domain.InvalidValue;

/**
 * Who acts, and why.
 *
 * @param by a name that the one who acts claims, 1 to 200 characters
 * @param why in words of their own, up to 1000 characters; may be empty
 */
public record Signature(String by, String why) {

    private static final int MAX_BY = 200;
    private static final int MAX_WHY = 1_000;

    public Signature {
        if (by.isBlank() || by.length() > MAX_BY) {
            throw new InvalidValue("by", "must be 1 to " + MAX_BY + " characters, not all blank");
        }
        if (why.length() > MAX_WHY) {
            throw new InvalidValue("why", "must be at most " + MAX_WHY + " characters");
        }
    }

    /**
     * The same, for an act that gives something up.
     *
     * @throws InvalidValue when it says no reason
     */
    public Signature withReason() {
        if (why.isBlank()) {
            throw new InvalidValue("why", "is required for what cannot be taken back");
        }
        return this;
    }
}
