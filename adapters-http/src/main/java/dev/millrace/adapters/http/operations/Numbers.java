package dev.millrace.adapters.http.operations;

import dev.millrace.domain.InvalidValue;

import java.util.regex.Pattern;

/** The numbers in paths under which things stand. */
final class Numbers {

    private static final Pattern ID = Pattern.compile("[1-9][0-9]{0,17}");

    private Numbers() {}

    /**
     * Reads one.
     *
     * @throws InvalidValue when it is none
     */
    static Long id(String text) {
        if (!ID.matcher(text).matches()) {
            throw new InvalidValue("id", "must be a whole number from 1 up");
        }
        return Long.valueOf(text);
    }
}
