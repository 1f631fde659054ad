package dev.millrace.adapters.pulsar;

import org.apache.pulsar.client.admin.PulsarAdminException;
import org.apache.pulsar.client.admin.Topics;
import org.apache.pulsar.client.api.MessageId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The log of entries into one subscription's quarantine, as it has to be: one topic without
 * partitions and without a schema, with a subscription that keeps everything from the first letter
 * on until somebody acknowledges it.
 *
 * <p>Whose it is stands on it, as two names joined by a hyphen may be those of another pair.
 */
final class DeadLetterTopic {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterTopic.class);

    private final Topics topics;
    private final String name;
    private final String owner;

    DeadLetterTopic(Topics topics, TopicName stream, String subscription) {
        this.topics = topics;
        this.name = stream.deadLetters(subscription);
        this.owner = stream.stream() + "/" + subscription;
    }

    /** Makes what is missing. A conflict means that somebody else has made the last of it. */
    void create() throws PulsarAdminException {
        List<String> present;
        try {
            present = topics.getSubscriptions(name);
        } catch (PulsarAdminException.NotFoundException _) {
            createTopic();
            present = List.of();
        }
        if (!present.contains(WireNames.INSPECTION)) {
            topics.createSubscription(name, WireNames.INSPECTION, MessageId.earliest);
            LOG.info("Created the subscription {} on {}", WireNames.INSPECTION, name);
        }
    }

    private void createTopic() throws PulsarAdminException {
        try {
            topics.createNonPartitionedTopic(name, Map.of(WireNames.SUBSCRIPTION, owner));
            LOG.info("Created {}", name);
        } catch (PulsarAdminException.ConflictException _) {
            // Somebody was first: what it is like is compared afterwards.
        }
    }

    /** What is not as it has to be. */
    List<String> differences() throws PulsarAdminException {
        List<String> present;
        Map<String, String> properties;
        try {
            if (topics.getPartitionedTopicMetadata(name).partitions > 0) {
                return List.of("the dead-letter topic " + name + " has partitions");
            }
            present = topics.getSubscriptions(name);
            properties = topics.getProperties(name);
        } catch (PulsarAdminException.NotFoundException _) {
            return List.of("the dead-letter topic " + name + " does not exist");
        }
        List<String> differences = new ArrayList<>();
        if (!present.contains(WireNames.INSPECTION)) {
            differences.add("the subscription " + WireNames.INSPECTION + " is missing on " + name);
        }
        String found = properties == null ? null : properties.get(WireNames.SUBSCRIPTION);
        if (!owner.equals(found)) {
            differences.add(
                    "the dead-letter topic "
                            + name
                            + " belongs to "
                            + (found == null ? "nobody" : found)
                            + " instead of "
                            + owner);
        }
        return differences;
    }
}
