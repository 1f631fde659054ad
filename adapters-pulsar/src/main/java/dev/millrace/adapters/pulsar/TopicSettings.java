package dev.millrace.adapters.pulsar;

import dev.millrace.domain.InvalidValue;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Tenant;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What a stream's topic and its namespace have to be.
 *
 * @param partitions of the topic; fixed at creation, since order per key rests on it
 * @param bucketsPerPartition ordering keys in one partition; fixed at creation
 * @param retention how long acknowledged events are kept, in whole minutes
 * @param retentionMegabytes how much of them is kept at most, for each partition
 * @param backlogQuotaBytes the unacknowledged events of a partition beyond which the broker refuses
 *     new ones; the broker wants it to be less than what retention keeps
 * @param replication how many bookies hold an event
 * @param subscriptions names of those that must exist before the first event is taken
 */
public record TopicSettings(
        Tenant tenant,
        Namespace namespace,
        StreamName stream,
        int partitions,
        int bucketsPerPartition,
        Duration retention,
        long retentionMegabytes,
        long backlogQuotaBytes,
        Replication replication,
        List<String> subscriptions) {

    /**
     * How many bookies hold an event.
     *
     * @param ensemble among how many the events of a ledger are spread
     * @param writeQuorum how many get each event
     * @param ackQuorum how many must have it before it counts as stored
     */
    public record Replication(int ensemble, int writeQuorum, int ackQuorum) {

        /** One bookie, as in the embedded stack. */
        public static final Replication SINGLE = new Replication(1, 1, 1);

        public Replication {
            if (ackQuorum < 1 || writeQuorum < ackQuorum || ensemble < writeQuorum) {
                throw new InvalidValue(
                        "replication", "must satisfy ensemble >= write quorum >= ack quorum >= 1");
            }
        }
    }

    private static final int MAX_PARTITIONS = 1_000;
    private static final int MAX_BUCKETS = 1_000;

    public TopicSettings {
        Objects.requireNonNull(tenant);
        Objects.requireNonNull(namespace);
        Objects.requireNonNull(stream);
        Objects.requireNonNull(replication);
        requireRange("partitions", partitions, MAX_PARTITIONS);
        requireRange("bucketsPerPartition", bucketsPerPartition, MAX_BUCKETS);
        requireRange("retention (in minutes)", retention.toMinutes(), Integer.MAX_VALUE);
        requireRange("retentionMegabytes", retentionMegabytes, Long.MAX_VALUE);
        requireRange("backlogQuotaBytes", backlogQuotaBytes, Long.MAX_VALUE);
        if (backlogQuotaBytes >> 20 >= retentionMegabytes) {
            throw new InvalidValue("backlogQuotaBytes", "must be less than what retention keeps");
        }
        subscriptions = List.copyOf(subscriptions);
        for (String name : subscriptions) {
            var _ = new SubscriptionId(tenant, namespace, stream, name);
        }
    }

    /** What the broker calls the topic. */
    public TopicName name() {
        return new TopicName(tenant, namespace, stream);
    }

    private static void requireRange(String field, long value, long most) {
        if (value < 1 || value > most) {
            throw new InvalidValue(field, "must be 1 to " + most);
        }
    }
}
