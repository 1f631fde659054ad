package dev.millrace.domain.operations;

import dev.millrace.domain.Acknowledged;

import java.util.Objects;

/**
 * Where a subscription's cursor stands in one partition, as the broker tells it.
 *
 * @param subscription by its name in the stream
 * @param partition from 0
 * @param acknowledged everything up to this entry is acknowledged
 * @param rangesBeyond how many runs of entries behind that one are acknowledged too, with gaps
 *     before them
 * @param last the newest entry of the partition
 * @param backlogEntries how many entries are not acknowledged; each holds one event or more
 */
public record CursorPlace(
        String subscription,
        int partition,
        Acknowledged.Entry acknowledged,
        int rangesBeyond,
        Acknowledged.Entry last,
        long backlogEntries) {

    public CursorPlace {
        Objects.requireNonNull(subscription);
        Objects.requireNonNull(acknowledged);
        Objects.requireNonNull(last);
    }
}
