package dev.millrace.domain.operations;

import java.time.Instant;
import java.util.Objects;

/**
 * Which quarantined events are meant. An empty text means any.
 *
 * @param subscription by its name in the stream
 * @param cause as {@link QuarantineCause} has it
 * @param since no event that came to quarantine before it
 * @param until only events that came to quarantine before it
 */
public record QuarantineFilter(
        String stream,
        String subscription,
        String key,
        String reason,
        String cause,
        String messageId,
        Instant since,
        Instant until) {

    /** Before there was any event. */
    public static final Instant FIRST = Instant.EPOCH;

    /** After all of them. */
    public static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

    /** All of them. */
    public static final QuarantineFilter ANY =
            new QuarantineFilter("", "", "", "", "", "", FIRST, LAST);

    public QuarantineFilter {
        Objects.requireNonNull(stream);
        Objects.requireNonNull(subscription);
        Objects.requireNonNull(key);
        Objects.requireNonNull(reason);
        Objects.requireNonNull(cause);
        Objects.requireNonNull(messageId);
        since = within(since);
        until = within(until);
    }

    private static Instant within(Instant wished) {
        Instant late = wished.isBefore(FIRST) ? FIRST : wished;
        return late.isAfter(LAST) ? LAST : late;
    }
}
