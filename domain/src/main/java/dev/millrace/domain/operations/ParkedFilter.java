package dev.millrace.domain.operations;

import java.util.Objects;

/**
 * Which keys that wait are meant. An empty text means any.
 *
 * @param subscription by its name in the stream
 */
public record ParkedFilter(String stream, String subscription, String key) {

    /** All of them. */
    public static final ParkedFilter ANY = new ParkedFilter("", "", "");

    public ParkedFilter {
        Objects.requireNonNull(stream);
        Objects.requireNonNull(subscription);
        Objects.requireNonNull(key);
    }
}
