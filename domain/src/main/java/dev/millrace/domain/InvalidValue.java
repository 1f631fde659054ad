package dev.millrace.domain;

import java.util.Objects;

/**
 * A value broke a rule of the model. Compact constructors throw it and driving adapters map it in
 * one place each: the one unchecked exception for bad input.
 */
public final class InvalidValue extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String field;
    private final String rule;

    /**
     * Says what is wrong.
     *
     * @param field the name of the offending field, as callers spell it
     * @param rule what the field must satisfy, as a phrase that can follow its name: {@code must be
     *     …}
     */
    public InvalidValue(String field, String rule) {
        super(field + " " + rule);
        this.field = Objects.requireNonNull(field);
        this.rule = Objects.requireNonNull(rule);
    }

    /** The name of the offending field, as callers spell it. */
    public String field() {
        return field;
    }

    /** What the field must satisfy, as a phrase that can follow its name. */
    public String rule() {
        return rule;
    }
}
