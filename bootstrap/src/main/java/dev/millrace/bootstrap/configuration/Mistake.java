package dev.millrace.bootstrap.configuration;

import java.util.Objects;

/**
 * One thing that is wrong with the configuration.
 *
 * @param name of the setting, as its source spells it
 * @param value as it was found, masked when it is a secret; empty when there is none
 * @param source where it was found; empty when it was found nowhere
 * @param rule what it breaks, as a phrase that can follow the name
 */
public record Mistake(String name, String value, String source, String rule) {

    public Mistake {
        Objects.requireNonNull(name);
        Objects.requireNonNull(value);
        Objects.requireNonNull(source);
        Objects.requireNonNull(rule);
    }

    /** One line for a person. */
    @Override
    public String toString() {
        String found = value.isEmpty() ? "" : "=" + value;
        String where = source.isEmpty() ? "" : " (" + source + ")";
        return name + found + where + ": " + rule;
    }
}
