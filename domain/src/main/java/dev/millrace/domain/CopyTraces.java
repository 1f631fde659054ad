package dev.millrace.domain;

import java.time.Instant;
import java.util.Objects;
import java.util.Set;

/**
 * What a subscription's tables say of one copy, all of it at one moment.
 *
 * @param traces none when they know nothing of it
 * @param recordedAt when the record that is about this copy was written; {@link Instant#MAX} when
 *     there is none
 */
public record CopyTraces(Set<Trace> traces, Instant recordedAt) {

    public CopyTraces {
        traces = Set.copyOf(traces);
        Objects.requireNonNull(recordedAt);
    }
}
