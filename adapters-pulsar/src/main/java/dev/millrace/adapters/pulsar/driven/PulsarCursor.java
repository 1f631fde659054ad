package dev.millrace.adapters.pulsar.driven;

import dev.millrace.adapters.pulsar.PulsarConnection;
import dev.millrace.adapters.pulsar.TopicName;
import dev.millrace.domain.SubscriptionId;
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

    private final PulsarConnection connection;
    private final InstantSource clock;

    public PulsarCursor(PulsarConnection connection, InstantSource clock) {
        this.connection = connection;
        this.clock = clock;
    }

    @Override
    public Instant acknowledgedBefore(SubscriptionId subscription) {
        Instant oldest = clock.instant();
        for (SubscriptionStats partition : partitions(subscription, true)) {
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
     * How much is not acknowledged, in the broker's entries: each holds one event or more.
     *
     * @throws Unavailable when the broker is away or does not tell for every partition
     */
    public long entries(SubscriptionId subscription) {
        return partitions(subscription, false).stream()
                .mapToLong(SubscriptionStats::getMsgBacklog)
                .sum();
    }

    private List<SubscriptionStats> partitions(SubscriptionId subscription, boolean exact) {
        String topic = TopicName.of(subscription).toString();
        PartitionedTopicStats stats;
        try {
            stats =
                    connection
                            .admin()
                            .topics()
                            .getPartitionedStats(topic, true, exact, false, exact);
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
