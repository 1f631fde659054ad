package dev.millrace.domain.operations;

import dev.millrace.domain.Copy;
import dev.millrace.domain.FailedAttempt;

import java.util.List;
import java.util.Objects;

/**
 * All that is known of a quarantined event.
 *
 * @param digest of the event, in hexadecimal digits; empty when the copy could not be read
 * @param copy as it came
 * @param attempts that failed, in order
 * @param edits in order; the last one is what a retry tries
 */
public record Dossier(
        QuarantinedEvent event,
        String digest,
        Copy copy,
        List<FailedAttempt> attempts,
        List<Edit> edits) {

    public Dossier {
        Objects.requireNonNull(event);
        Objects.requireNonNull(digest);
        Objects.requireNonNull(copy);
        attempts = List.copyOf(attempts);
        edits = List.copyOf(edits);
    }
}
