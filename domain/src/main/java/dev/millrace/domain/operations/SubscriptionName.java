package dev.millrace.domain.operations;

import dev.millrace.domain.StreamName;

import java.util.Objects;

/**
 * A subscription as people name it, in a tenant and a namespace that are understood.
 *
 * @param subscription by its name in the stream
 */
public record SubscriptionName(StreamName stream, String subscription) {

    public SubscriptionName {
        Objects.requireNonNull(stream);
        Objects.requireNonNull(subscription);
    }

    @Override
    public String toString() {
        return stream + "/" + subscription;
    }
}
