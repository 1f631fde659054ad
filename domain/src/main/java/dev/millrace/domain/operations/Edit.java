package dev.millrace.domain.operations;

import dev.millrace.domain.Content;
import dev.millrace.domain.Payload;

import java.time.Instant;
import java.util.Objects;

/**
 * What a person made of an event.
 *
 * @param edition from 1
 */
public record Edit(int edition, Instant at, Signature signature, Content content) {

    public Edit {
        Objects.requireNonNull(at);
        Objects.requireNonNull(signature);
        Objects.requireNonNull(content);
    }

    /** Its bytes. */
    public Payload payload() {
        return content.payload();
    }
}
