package dev.millrace.ports.driven;

import dev.millrace.domain.Acknowledged;
import dev.millrace.domain.Period;
import dev.millrace.domain.RecordedCopy;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.TopicCopy;
import dev.millrace.domain.operations.ReplayScope;
import dev.millrace.domain.operations.ReplaySpan;

import java.util.List;
import java.util.function.Consumer;

/**
 * The topic as the account of what was accepted, read beside the live traffic: no cursor moves, and
 * no consumer is in the way. Thread-safe.
 */
public interface TopicLog {

    /**
     * Reads every copy of a period that is in the topic now, partition after partition and each in
     * its order; every copy inside a batch is one. What is published meanwhile is left out. No more
     * than a bounded number of copies is in memory at a time.
     *
     * @param limit how many copies a chunk has at most
     * @param chunks takes one chunk after the other, none of them empty; what it throws ends the
     *     reading
     * @throws dev.millrace.ports.Unavailable when the broker is away
     */
    void read(
            SubscriptionId subscription,
            Period period,
            int limit,
            Consumer<List<TopicCopy>> chunks);

    /**
     * How many partitions the topic has now, counted from 0.
     *
     * @throws dev.millrace.ports.Unavailable when the broker is away, or has no such topic
     */
    int partitions(SubscriptionId subscription);

    /**
     * Where in each partition a part of the topic lies now: none for a partition that has nothing
     * of it.
     *
     * @throws dev.millrace.ports.Unavailable when the broker is away
     */
    List<ReplaySpan> spans(SubscriptionId subscription, ReplayScope scope);

    /**
     * What the subscription has acknowledged, as the broker knows it now.
     *
     * @throws dev.millrace.ports.Unavailable when the broker is away, or the subscription does not
     *     exist on every partition
     */
    Acknowledged acknowledged(SubscriptionId subscription);

    /**
     * Which of these records are about a copy that the topic does not hold: at their position there
     * is none, or one with another message ID. One that is older than what the topic has retained
     * is not among them, since nobody can tell.
     *
     * @return some of the records, in their order
     * @throws dev.millrace.ports.Unavailable when the broker is away
     */
    List<RecordedCopy> unfounded(SubscriptionId subscription, List<RecordedCopy> records);
}
