package dev.millrace.adapters.pulsar.driven;

import dev.millrace.domain.Key;

import org.apache.pulsar.common.util.Murmur3_32Hash;

import java.nio.charset.StandardCharsets;

/**
 * Where the events of a key go, for as long as the topic exists: the one partition and the one
 * bucket in it, from independent bits of one hash. A partition has few buckets, because an entry of
 * the broker holds events of one bucket only, and how full the entries are decides how fast all
 * behind them is.
 *
 * @param partition from 0
 * @param bucket of the partition, from 0
 */
record Placement(int partition, int bucket) {

    static Placement of(Key key, int partitions, int bucketsPerPartition) {
        int hash =
                Murmur3_32Hash.getInstance().makeHash(key.value().getBytes(StandardCharsets.UTF_8));
        return new Placement(hash % partitions, hash / partitions % bucketsPerPartition);
    }

    /** The bucket's name, unique in the topic. */
    byte[] orderingKey() {
        return (partition + "-" + bucket).getBytes(StandardCharsets.US_ASCII);
    }
}
