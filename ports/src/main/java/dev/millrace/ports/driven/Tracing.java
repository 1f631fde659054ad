package dev.millrace.ports.driven;

import dev.millrace.domain.CopyTraces;
import dev.millrace.domain.Key;
import dev.millrace.domain.Position;
import dev.millrace.domain.RecordedCopy;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.TopicCopy;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** What the tables of a subscription say of the copies in its topic. Thread-safe; only reads. */
public interface Tracing {

    /**
     * Looks copies up, all of them as of one moment.
     *
     * @return for each copy what the tables say of it, in the same order
     * @throws dev.millrace.ports.Unavailable when the database is away
     */
    List<CopyTraces> trace(SubscriptionId subscription, List<TopicCopy> copies);

    /**
     * Of each key the last position in a partition that some record is about; none for a key that
     * has no record there.
     *
     * @throws dev.millrace.ports.Unavailable when the database is away
     */
    Map<Key, Position> latest(SubscriptionId subscription, int partition, Collection<Key> keys);

    /**
     * One page of the idempotency records, by publish time and then by message ID, bytewise. Over
     * all pages a record that changes meanwhile may come more than once.
     *
     * @param from the publish time from which on the page begins
     * @param after the message ID after which it begins, among those of just that time; empty for
     *     the first
     * @param limit how many at most; fewer mean that there are no more
     * @throws dev.millrace.ports.Unavailable when the database is away
     */
    List<RecordedCopy> records(SubscriptionId subscription, Instant from, String after, int limit);
}
