package dev.millrace.bootstrap.configuration;

import dev.millrace.domain.InvalidValue;

import java.util.Locale;
import java.util.Objects;

/**
 * One thing that an operator may set.
 *
 * @param section of the reference page that it stands in
 * @param name as the properties file spells it
 * @param kind how its text is read
 * @param fallback its text when nobody sets it; empty for none
 * @param secret whether its value is never shown
 * @param meaning what it does, in a sentence or two of Markdown
 */
public record Setting<T>(
        String section,
        String name,
        Kind<T> kind,
        String fallback,
        boolean secret,
        String meaning) {

    static final String PREFIX = "millrace.";
    static final String ENVIRONMENT_PREFIX = "MILLRACE_";
    private static final String MASK = "********";

    public Setting {
        Objects.requireNonNull(section);
        Objects.requireNonNull(kind);
        Objects.requireNonNull(fallback);
        Objects.requireNonNull(meaning);
        if (!name.matches("millrace(\\.[a-z-]+)+")) {
            throw new IllegalArgumentException(name + " has no counterpart among the variables");
        }
    }

    /** The environment variable of the same name. */
    public String environmentVariable() {
        return name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /** A value as it may be shown. */
    String shown(String text) {
        return secret && !text.isEmpty() ? MASK : text;
    }

    /**
     * Reads a text.
     *
     * @throws InvalidValue when it breaks the rule
     */
    T parse(String text) {
        return kind.parse(name, text);
    }
}
