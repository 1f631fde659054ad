package dev.millrace.domain.operations;

import java.time.Instant;
import java.util.Objects;

/**
 * The effect of one event, as its stream's own tables have it.
 *
 * @param at when it was applied
 * @param words what it did, for a person
 */
public record KnownEffect(Instant at, String words) {

    public KnownEffect {
        Objects.requireNonNull(at);
        Objects.requireNonNull(words);
    }
}
