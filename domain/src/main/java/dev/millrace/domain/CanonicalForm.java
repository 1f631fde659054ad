package dev.millrace.domain;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The text that two copies of one event share, whatever schema version carried them and whichever
 * gate took them: its key and its fields by name, absent ones left out. Names and values carry
 * their lengths, so that no two different events have the same text.
 */
public record CanonicalForm(String text) {

    public CanonicalForm {
        Objects.requireNonNull(text);
    }

    /**
     * The form of one event.
     *
     * @param version of the rules by which a stream writes its fields; raise it when they change
     * @param key of the event
     * @param fields by name, normalised; those that are absent or have their default are left out
     *     by the caller
     */
    public static CanonicalForm of(int version, Key key, Map<String, String> fields) {
        StringBuilder text = new StringBuilder(160).append('v').append(version);
        append(text, key.value());
        new TreeMap<>(fields)
                .forEach((name, value) -> {
                    append(text, name);
                    append(text, value);
                });
        return new CanonicalForm(text.toString());
    }

    private static void append(StringBuilder text, String part) {
        text.append(' ').append(part.length()).append(':').append(part);
    }
}
