package dev.millrace.adapters.http.answers;

import java.util.Objects;

/**
 * One rule that a request breaks.
 *
 * @param field a JSON pointer into the event, or the name of a header, path or query parameter
 * @param rule what the field must satisfy, as a phrase that can follow its name
 */
public record FieldError(String field, String rule) {

    public FieldError {
        Objects.requireNonNull(field);
        Objects.requireNonNull(rule);
    }

    /** An error of the member with this name, by its JSON pointer. */
    public static FieldError of(String name, String rule) {
        return new FieldError(pointer(name), rule);
    }

    /** The JSON pointer to the member with this name. */
    public static String pointer(String name) {
        return "/" + name.replace("~", "~0").replace("/", "~1");
    }
}
