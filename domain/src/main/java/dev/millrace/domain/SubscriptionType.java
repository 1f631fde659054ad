package dev.millrace.domain;

/** Who receives what: the broker's four ways to share a subscription among consumers. */
public enum SubscriptionType {
    /** One consumer receives everything; a second one is refused. */
    EXCLUSIVE,
    /** One consumer a partition receives; the others take over when it dies. */
    FAILOVER,
    /** Any consumer receives any event: no order, and so no key rows. */
    SHARED,
    /** Each key belongs to one consumer at a time. */
    KEY_SHARED;

    /** Whether events of one key arrive in order. */
    public boolean keepsOrder() {
        return this != SHARED;
    }

    /**
     * The most consumers of one subscription that can have work at the same time.
     *
     * @param partitions of the topic
     * @param bucketsPerPartition ordering keys in one partition
     */
    public int usefulLanes(int partitions, int bucketsPerPartition) {
        return switch (this) {
            case EXCLUSIVE -> 1;
            case FAILOVER -> partitions;
            case KEY_SHARED -> partitions * bucketsPerPartition;
            case SHARED -> Integer.MAX_VALUE;
        };
    }
}
