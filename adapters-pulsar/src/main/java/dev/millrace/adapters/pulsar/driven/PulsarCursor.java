package dev.millrace.adapters.pulsar.driven;

import dev.millrace.adapters.pulsar.PulsarConnection;
import dev.millrace.adapters.pulsar.TopicName;
import dev.millrace.adapters.pulsar.WireNames;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.flow.Backlog;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.driven.Cursor;

import org.apache.pulsar.client.admin.PulsarAdminException;
import org.apache.pulsar.common.policies.data.PartitionedTopicStats;
import org.apache.pulsar.common.policies.data.SubscriptionStats;
import org.apache.pulsar.common.policies.data.TopicStats;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** How far subscriptions have come, from the broker's statistics. Thread-safe. */
public final class PulsarCursor implements Cursor {

    private static final double MILLIS = 1_000;

    private final PulsarConnection connection;
    private final InstantSource clock;

    public PulsarCursor(PulsarConnection connection, InstantSource clock) {
        this.connection = connection;
        this.clock = clock;
    }

    @Override
    public Instant acknowledgedBefore(SubscriptionId subscription) {
        Instant oldest = clock.instant();
        for (SubscriptionStats partition : partitions(subscription, true, true)) {
            long published = partition.getEarliestMsgPublishTimeInBacklog();
            if (partition.getMsgBacklog() > 0 && published <= 0) {
                throw new Unavailable(
                        "the broker does not tell how old the backlog of " + subscription + " is");
            }
            Instant earliest = Instant.ofEpochMilli(published);
            if (partition.getMsgBacklog() > 0 && earliest.isBefore(oldest)) {
                oldest = earliest;
            }
        }
        return oldest;
    }

    /**
     * How much is not acknowledged, in the broker's entries, each of which holds one event or more,
     * and as an estimate in events, and how old it is.
     *
     * @param eventsPerEntry how many an entry has held so far; not a number when nobody knows
     * @throws Unavailable when the broker is away or does not tell for every partition
     */
    public Backlog backlog(SubscriptionId subscription, double eventsPerEntry) {
        Instant now = clock.instant();
        long entries = 0;
        double ageSeconds = 0;
        for (SubscriptionStats partition : partitions(subscription, false, true)) {
            if (partition.getMsgBacklog() > 0) {
                entries += partition.getMsgBacklog();
                long published = partition.getEarliestMsgPublishTimeInBacklog();
                double age = (now.toEpochMilli() - published) / MILLIS;
                ageSeconds = Math.max(ageSeconds, published > 0 ? age : Double.NaN);
            }
        }
        return new Backlog(entries, entries == 0 ? 0 : entries * eventsPerEntry, ageSeconds);
    }

    /**
     * How many dead letters of a subscription nobody has acknowledged yet on the subscription that
     * is there for whoever looks into them.
     *
     * @throws Unavailable when the broker is away or has no such topic
     */
    public long deadLetters(SubscriptionId subscription) {
        String topic = TopicName.of(subscription).deadLetters(subscription.name());
        try {
            SubscriptionStats inspection =
                    connection
                            .admin()
                            .topics()
                            .getStats(topic)
                            .getSubscriptions()
                            .get(WireNames.INSPECTION);
            if (inspection == null) {
                throw new Unavailable("nobody inspects " + topic);
            }
            return inspection.getMsgBacklog();
        } catch (PulsarAdminException failure) {
            throw new Unavailable("the broker gives no statistics of " + topic, failure);
        }
    }

    private List<SubscriptionStats> partitions(
            SubscriptionId subscription, boolean exact, boolean withAge) {
        String topic = TopicName.of(subscription).toString();
        PartitionedTopicStats stats;
        try {
            stats =
                    connection
                            .admin()
                            .topics()
                            .getPartitionedStats(topic, true, exact, false, withAge);
        } catch (PulsarAdminException failure) {
            throw new Unavailable("the broker gives no statistics of " + topic, failure);
        }
        Collection<? extends TopicStats> partitions = stats.getPartitions().values();
        if (partitions.isEmpty() || partitions.size() != stats.getMetadata().partitions) {
            throw new Unavailable("the broker gives no statistics of all partitions of " + topic);
        }
        List<SubscriptionStats> found = new ArrayList<>();
        for (TopicStats partition : partitions) {
            SubscriptionStats present = partition.getSubscriptions().get(subscription.name());
            if (present == null) {
                throw new Unavailable(subscription + " does not exist on every partition");
            }
            found.add(present);
        }
        return found;
    }
}
