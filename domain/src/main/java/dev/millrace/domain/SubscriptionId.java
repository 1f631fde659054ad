package dev.millrace.domain;

import java.util.Objects;

/** What identifies a subscription everywhere: each one has its own outcome for each event. */
public record SubscriptionId(Tenant tenant, Namespace namespace, StreamName stream, String name) {

    /**
     * @throws InvalidValue unless the name has 1 to 63 characters of a-z 0-9 and inner hyphens
     */
    public SubscriptionId {
        Objects.requireNonNull(tenant);
        Objects.requireNonNull(namespace);
        Objects.requireNonNull(stream);
        name = Names.require("subscription", name);
    }

    @Override
    public String toString() {
        return tenant + "/" + namespace + "/" + stream + "/" + name;
    }
}
