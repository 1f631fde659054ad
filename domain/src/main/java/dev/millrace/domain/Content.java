package dev.millrace.domain;

import java.util.Objects;

/**
 * What an event is in bytes.
 *
 * @param schemaVersion the schema it is written with, as the broker names it
 */
public record Content(String schemaVersion, Payload payload) {

    public Content {
        Objects.requireNonNull(schemaVersion);
        Objects.requireNonNull(payload);
    }
}
