package dev.millrace.domain;

/**
 * Why an event was rejected or quarantined: one stable, lower-case word that programs may compare.
 */
public record Reason(String value) {

    /** No schema reads the copy. */
    public static final Reason UNDECODABLE = new Reason("undecodable");

    /** Another event stands under the same message ID. */
    public static final Reason CONFLICT = new Reason("conflict");

    /**
     * Published before the purge's watermark and without a record: neither fresh nor duplicate with
     * certainty.
     */
    public static final Reason BEYOND_HORIZON = new Reason("beyond-horizon");

    /** As many tries as are allowed have failed. */
    public static final Reason ATTEMPTS_EXHAUSTED = new Reason("attempts-exhausted");

    /**
     * @throws InvalidValue unless the value has 1 to 63 characters of a-z 0-9 and inner hyphens
     */
    public Reason {
        value = Names.require("reason", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
