package dev.millrace.bootstrap.configuration;

import dev.millrace.domain.SubscriptionType;

import java.util.Objects;

/**
 * One subscription of a stream.
 *
 * @param name of the subscription, unique in its stream
 * @param type who receives what
 * @param lanes consumers that this process runs for it
 */
public record SubscriptionSettings(String name, SubscriptionType type, int lanes) {

    public SubscriptionSettings {
        Objects.requireNonNull(name);
        Objects.requireNonNull(type);
    }
}
