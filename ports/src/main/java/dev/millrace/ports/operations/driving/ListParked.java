package dev.millrace.ports.operations.driving;

import dev.millrace.domain.operations.ParkedFilter;
import dev.millrace.domain.operations.ParkedKey;

import java.util.List;

/** Lists the keys that wait. Thread-safe. */
@FunctionalInterface
public interface ListParked {

    /**
     * Lists by stream, subscription and key.
     *
     * @param after only those that come after it; any when it is empty
     * @param limit how many at most
     * @throws dev.millrace.ports.Unavailable when the database is away
     */
    List<ParkedKey> list(ParkedFilter filter, String after, int limit);
}
