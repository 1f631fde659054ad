package dev.millrace.adapters.pulsar;

import dev.millrace.domain.Namespace;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Tenant;

import java.util.Objects;

/** What the broker calls the topic of a stream. */
public record TopicName(Tenant tenant, Namespace namespace, StreamName stream) {

    public TopicName {
        Objects.requireNonNull(tenant);
        Objects.requireNonNull(namespace);
        Objects.requireNonNull(stream);
    }

    /** The topic that a subscription reads. */
    public static TopicName of(SubscriptionId subscription) {
        return new TopicName(
                subscription.tenant(), subscription.namespace(), subscription.stream());
    }

    /** The full name of the namespace, {@code tenant/namespace}. */
    public String namespaceName() {
        return tenant + "/" + namespace;
    }

    /** The full name of one partition, counted from 0. */
    public String partition(int index) {
        return this + "-partition-" + index;
    }

    /**
     * The full name of the dead-letter topic of a subscription. No stream's topic is called so,
     * since their names have no capitals.
     */
    public String deadLetters(String subscription) {
        return this + "-" + subscription + "-DLQ";
    }

    /** The full name of the partitioned topic. */
    @Override
    public String toString() {
        return "persistent://" + namespaceName() + "/" + stream;
    }
}
