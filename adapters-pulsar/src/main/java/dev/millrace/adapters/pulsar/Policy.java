package dev.millrace.adapters.pulsar;

import static org.apache.pulsar.common.policies.data.BacklogQuota.BacklogQuotaType.destination_storage;

import org.apache.pulsar.client.admin.Namespaces;
import org.apache.pulsar.client.admin.PulsarAdminException;
import org.apache.pulsar.common.policies.data.AutoSubscriptionCreationOverride;
import org.apache.pulsar.common.policies.data.AutoTopicCreationOverride;
import org.apache.pulsar.common.policies.data.BacklogQuota;
import org.apache.pulsar.common.policies.data.InactiveTopicDeleteMode;
import org.apache.pulsar.common.policies.data.InactiveTopicPolicies;
import org.apache.pulsar.common.policies.data.PersistencePolicies;
import org.apache.pulsar.common.policies.data.RetentionPolicies;
import org.apache.pulsar.common.policies.data.SchemaCompatibilityStrategy;
import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;

/**
 * One policy of a namespace: what it has to be, how to read it and how to set it.
 *
 * @param name for a person
 */
record Policy<T>(String name, T wanted, Reading<T> reading, Writing<T> writing) {

    /** Asks the broker; null when the namespace leaves it to the broker's own default. */
    @FunctionalInterface
    interface Reading<T> {
        @Nullable T read() throws PulsarAdminException;
    }

    /** Tells the broker. */
    @FunctionalInterface
    interface Writing<T> {
        void write(T value) throws PulsarAdminException;
    }

    /** How often the broker may write a subscription's cursor, its own default. */
    private static final double CURSOR_WRITES_PER_SECOND = 1.0;

    /** The broker wants a number even where nothing is ever deleted for inactivity. */
    private static final int UNUSED_SECONDS = 60;

    /** Every policy on which an accepted event's life depends, in the order of their writing. */
    static List<Policy<?>> of(Namespaces namespaces, TopicSettings settings) {
        String name = settings.name().namespaceName();
        return List.of(
                new Policy<>(
                        "retention",
                        new RetentionPolicies(
                                Math.toIntExact(settings.retention().toMinutes()),
                                settings.retentionMegabytes()),
                        () -> namespaces.getRetention(name),
                        wanted -> namespaces.setRetention(name, wanted)),
                // Time to live would move the cursor over events that nobody has acknowledged.
                new Policy<>(
                        "message TTL in seconds",
                        0,
                        () -> namespaces.getNamespaceMessageTTL(name),
                        wanted -> namespaces.setNamespaceMessageTTL(name, wanted)),
                new Policy<>(
                        "subscription expiration in minutes",
                        0,
                        () -> namespaces.getSubscriptionExpirationTime(name),
                        wanted -> namespaces.setSubscriptionExpirationTime(name, wanted)),
                // A full backlog refuses new events; it never holds the caller or deletes old ones.
                new Policy<>(
                        "backlog quota",
                        BacklogQuota.builder()
                                .limitSize(settings.backlogQuotaBytes())
                                .retentionPolicy(BacklogQuota.RetentionPolicy.producer_exception)
                                .build(),
                        () -> namespaces.getBacklogQuotaMap(name).get(destination_storage),
                        wanted -> namespaces.setBacklogQuota(name, wanted, destination_storage)),
                new Policy<>(
                        "deletion of inactive topics",
                        false,
                        () -> deletesInactive(namespaces.getInactiveTopicPolicies(name)),
                        wanted ->
                                namespaces.setInactiveTopicPolicies(
                                        name,
                                        new InactiveTopicPolicies(
                                                InactiveTopicDeleteMode
                                                        .delete_when_no_subscriptions,
                                                UNUSED_SECONDS,
                                                wanted))),
                new Policy<>(
                        "persistence",
                        persistence(settings.replication()),
                        () -> namespaces.getPersistence(name),
                        wanted -> namespaces.setPersistence(name, wanted)),
                new Policy<>(
                        "automatic topic creation",
                        false,
                        () -> createsTopics(namespaces.getAutoTopicCreation(name)),
                        wanted ->
                                namespaces.setAutoTopicCreation(
                                        name,
                                        AutoTopicCreationOverride.builder()
                                                .allowAutoTopicCreation(wanted)
                                                .build())),
                new Policy<>(
                        "automatic subscription creation",
                        false,
                        () -> createsSubscriptions(namespaces.getAutoSubscriptionCreation(name)),
                        wanted ->
                                namespaces.setAutoSubscriptionCreation(
                                        name,
                                        AutoSubscriptionCreationOverride.builder()
                                                .allowAutoSubscriptionCreation(wanted)
                                                .build())),
                new Policy<>(
                        "automatic schema update",
                        false,
                        () -> namespaces.getIsAllowAutoUpdateSchema(name),
                        wanted -> namespaces.setIsAllowAutoUpdateSchema(name, wanted)),
                new Policy<>(
                        "schema validation enforced",
                        true,
                        () -> namespaces.getSchemaValidationEnforced(name),
                        wanted -> namespaces.setSchemaValidationEnforced(name, wanted)),
                new Policy<>(
                        "schema compatibility",
                        SchemaCompatibilityStrategy.FULL_TRANSITIVE,
                        () -> namespaces.getSchemaCompatibilityStrategy(name),
                        wanted -> namespaces.setSchemaCompatibilityStrategy(name, wanted)),
                // Past its limit of remembered gaps the broker would forget acknowledgements.
                new Policy<>(
                        "dispatcher pause on acknowledgement state",
                        true,
                        () -> namespaces.getDispatcherPauseOnAckStatePersistent(name),
                        wanted -> namespaces.setDispatcherPauseOnAckStatePersistent(name)));
    }

    /** Sets the policy when it differs; answers whether it did. */
    boolean enforce() throws PulsarAdminException {
        if (difference().isEmpty()) {
            return false;
        }
        writing.write(wanted);
        return true;
    }

    /** How the policy differs, for a person; empty when it does not. */
    Optional<String> difference() throws PulsarAdminException {
        T found = reading.read();
        return wanted.equals(found)
                ? Optional.empty()
                : Optional.of(
                        name
                                + " is "
                                + (found == null ? "the broker's default" : found)
                                + " instead of "
                                + wanted);
    }

    private static PersistencePolicies persistence(TopicSettings.Replication replication) {
        return new PersistencePolicies(
                replication.ensemble(),
                replication.writeQuorum(),
                replication.ackQuorum(),
                CURSOR_WRITES_PER_SECOND);
    }

    private static @Nullable Boolean deletesInactive(@Nullable InactiveTopicPolicies found) {
        return found == null ? null : found.isDeleteWhileInactive();
    }

    private static @Nullable Boolean createsTopics(@Nullable AutoTopicCreationOverride found) {
        return found == null ? null : found.isAllowAutoTopicCreation();
    }

    private static @Nullable Boolean createsSubscriptions(
            @Nullable AutoSubscriptionCreationOverride found) {
        return found == null ? null : found.isAllowAutoSubscriptionCreation();
    }
}
