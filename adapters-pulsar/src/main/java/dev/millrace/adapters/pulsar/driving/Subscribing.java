package dev.millrace.adapters.pulsar.driving;

import dev.millrace.adapters.pulsar.PulsarConnection;
import dev.millrace.adapters.pulsar.TopicName;
import dev.millrace.domain.SubscriptionId;

import org.apache.pulsar.client.api.BatchReceivePolicy;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.ConsumerBuilder;
import org.apache.pulsar.client.api.KeySharedPolicy;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.SubscriptionInitialPosition;
import org.apache.pulsar.client.api.SubscriptionType;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Opens consumers on all partitions of a topic. Negative acknowledgement, acknowledgement timeouts
 * and dead-letter policies stay off: each of them breaks the order of a key. Thread-safe.
 */
final class Subscribing {

    private final PulsarConnection connection;
    private final SubscriptionId subscription;
    private final LaneSettings settings;

    Subscribing(PulsarConnection connection, SubscriptionId subscription, LaneSettings settings) {
        this.connection = connection;
        this.subscription = subscription;
        this.settings = settings;
    }

    SubscriptionId subscription() {
        return subscription;
    }

    /**
     * One attempt, which ends by the connection's operation timeout.
     *
     * @param lane from 0
     */
    CompletableFuture<Consumer<byte[]>> attempt(int lane) {
        // Raw bytes: such a consumer is never refused, registers nothing and decodes nothing.
        ConsumerBuilder<byte[]> builder =
                connection
                        .client()
                        .newConsumer(Schema.BYTES)
                        .topic(TopicName.of(subscription).toString())
                        .subscriptionName(subscription.name())
                        .subscriptionType(type())
                        .subscriptionInitialPosition(SubscriptionInitialPosition.Earliest)
                        .consumerName(settings.process() + "-" + lane)
                        .receiverQueueSize(LaneSettings.receiverQueue(settings.maxEvents()))
                        .batchReceivePolicy(
                                BatchReceivePolicy.builder()
                                        .maxNumMessages(settings.maxEvents())
                                        .maxNumBytes(settings.maxBytes())
                                        .timeout(
                                                Math.toIntExact(settings.maxDelay().toMillis()),
                                                TimeUnit.MILLISECONDS)
                                        .build())
                        .isAckReceiptEnabled(true)
                        .enableBatchIndexAcknowledgment(true)
                        // A batch is acknowledged by one command already: nothing to wait for.
                        .acknowledgmentGroupTime(0, TimeUnit.MILLISECONDS)
                        .autoUpdatePartitions(false)
                        .poolMessages(false);
        if (settings.type() == dev.millrace.domain.SubscriptionType.KEY_SHARED) {
            // The only mode in which a moved key waits until its old owner has acknowledged.
            builder.keySharedPolicy(KeySharedPolicy.autoSplitHashRange());
        }
        return builder.subscribeAsync();
    }

    private SubscriptionType type() {
        return switch (settings.type()) {
            case EXCLUSIVE -> SubscriptionType.Exclusive;
            case FAILOVER -> SubscriptionType.Failover;
            case SHARED -> SubscriptionType.Shared;
            case KEY_SHARED -> SubscriptionType.Key_Shared;
        };
    }
}
