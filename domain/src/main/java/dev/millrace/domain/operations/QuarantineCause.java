package dev.millrace.domain.operations;

import dev.millrace.domain.Reason;
import dev.millrace.domain.StreamName;

import java.time.Instant;
import java.util.Objects;

/**
 * Quarantined events that failed in the same way.
 *
 * @param subscription by its name in the stream
 * @param cause the exception of the last try and the innermost frame of our own code in it; where
 *     nothing was tried, what is said of the copy
 * @param events how many, as far as they are counted
 * @param keys how many keys those are of
 * @param more whether there are more than are counted
 * @param oldest when the first of them came to quarantine
 * @param newest when the last of them did
 */
public record QuarantineCause(
        StreamName stream,
        String subscription,
        Reason reason,
        String cause,
        long events,
        long keys,
        boolean more,
        Instant oldest,
        Instant newest) {

    /** More characters of a cause are cut off. */
    public static final int MAX_LENGTH = 200;

    /** More events of a cause are not counted, so that it costs the same however many there are. */
    public static final int MAX_COUNTED = 200;

    public QuarantineCause {
        Objects.requireNonNull(stream);
        Objects.requireNonNull(subscription);
        Objects.requireNonNull(reason);
        Objects.requireNonNull(cause);
        Objects.requireNonNull(oldest);
        Objects.requireNonNull(newest);
    }
}
