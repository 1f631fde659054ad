package dev.millrace.ports.operations.driven;

import dev.millrace.domain.operations.Hastening;
import dev.millrace.domain.operations.ParkedFilter;
import dev.millrace.domain.operations.ParkedKey;
import dev.millrace.domain.operations.Signature;
import dev.millrace.domain.operations.SubscribedKey;

import java.util.List;

/**
 * The keys that wait, of all subscriptions of one tenant's namespace. Thread-safe, and shared by
 * all processes. Each method throws {@link dev.millrace.ports.Unavailable} when the database is
 * away.
 */
public interface ParkedKeys {

    /**
     * Those with parked events, and those that wait for a person, by stream, subscription and key.
     *
     * @param after only those that come after it in that order; any when it is empty
     * @param limit how many at most
     */
    List<ParkedKey> list(ParkedFilter filter, String after, int limit);

    /** Has the first parked event of a key tried at once. */
    Hastening release(SubscribedKey key, Signature signature);
}
