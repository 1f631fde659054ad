package dev.millrace.ports;

import java.util.Objects;

/**
 * One thing that a role needs.
 *
 * @param name what it is, {@code role.thing}
 * @param met whether it is there
 * @param detail for a person: what is missing and what to do; empty when there is nothing to say
 */
public record Condition(String name, boolean met, String detail) {

    public Condition {
        Objects.requireNonNull(name);
        Objects.requireNonNull(detail);
    }

    /** A condition that is met. */
    public static Condition met(String name) {
        return met(name, "");
    }

    /** A condition that is met, though there may be something to say about it. */
    public static Condition met(String name, String detail) {
        return new Condition(name, true, detail);
    }

    /** A condition that is not met. */
    public static Condition unmet(String name, String detail) {
        return new Condition(name, false, detail);
    }
}
