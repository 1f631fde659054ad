package dev.millrace.adapters.pulsar;

import dev.millrace.domain.InvalidValue;
import dev.millrace.ports.Unavailable;

import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;
import org.apache.pulsar.client.admin.PulsarAdmin;
import org.apache.pulsar.client.admin.PulsarAdminException;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.common.policies.data.TenantInfo;
import org.apache.pulsar.common.schema.SchemaInfo;
import org.apache.pulsar.common.schema.SchemaType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes a stream's topic what its settings say, or tells how it differs: tenant, namespace and its
 * policies, partitions and buckets, schema, subscriptions and the dead-letter topic of each.
 *
 * <p>Partitions and buckets are never changed, because the order of each key rests on them. Several
 * processes may set the same topic up at the same time.
 */
public final class TopicSetup {

    private static final Logger LOG = LoggerFactory.getLogger(TopicSetup.class);
    private static final String BUCKETS = "millrace-buckets-per-partition";

    /** A step that the broker may refuse. */
    @FunctionalInterface
    private interface Step {
        void run() throws PulsarAdminException;
    }

    private final PulsarAdmin admin;
    private final TopicSettings settings;
    private final TopicName topic;
    private final AvroCodec<?> codec;
    private final List<Policy<?>> policies;
    private final List<DeadLetterTopic> deadLetterTopics;

    public TopicSetup(PulsarConnection connection, TopicSettings settings, AvroCodec<?> codec) {
        this.admin = connection.admin();
        this.settings = settings;
        this.topic = settings.name();
        this.codec = codec;
        this.policies = Policy.of(admin.namespaces(), settings);
        this.deadLetterTopics =
                settings.subscriptions().stream()
                        .map(name -> new DeadLetterTopic(admin.topics(), topic, name))
                        .toList();
    }

    /**
     * Creates and changes what is missing or differs, then verifies all of it. Doing it again does
     * nothing.
     *
     * @throws Unavailable when the broker is away
     * @throws InvalidValue naming each difference that is left
     */
    public void apply() {
        try {
            createNamespace();
            for (Policy<?> policy : policies) {
                if (policy.enforce()) {
                    LOG.info("Set the policy of {}: {}", topic.namespaceName(), policy.name());
                }
            }
            createTopic();
            if (partitionDifferences().isEmpty()) {
                registerSchema();
                createSubscriptions();
            }
            for (DeadLetterTopic deadLetters : deadLetterTopics) {
                unlessPresent(deadLetters::create);
            }
        } catch (PulsarAdminException failure) {
            throw translated(failure);
        }
        verify();
    }

    /**
     * Only compares.
     *
     * @throws Unavailable when the broker is away
     * @throws InvalidValue naming each difference
     */
    public void verify() {
        List<String> differences;
        try {
            differences = differences();
        } catch (PulsarAdminException failure) {
            throw translated(failure);
        }
        if (!differences.isEmpty()) {
            throw new InvalidValue(
                    topic.toString(), "must be as configured: " + String.join("; ", differences));
        }
    }

    private List<String> differences() throws PulsarAdminException {
        List<String> policyDifferences = new ArrayList<>();
        try {
            for (Policy<?> policy : policies) {
                policy.difference().ifPresent(policyDifferences::add);
            }
        } catch (PulsarAdminException.NotFoundException _) {
            return List.of("the namespace " + topic.namespaceName() + " does not exist");
        }
        List<String> differences = new ArrayList<>(partitionDifferences());
        if (differences.isEmpty()) {
            differences.addAll(schemaDifferences());
            differences.addAll(subscriptionDifferences());
        }
        for (DeadLetterTopic deadLetters : deadLetterTopics) {
            differences.addAll(deadLetters.differences());
        }
        differences.addAll(policyDifferences);
        return differences;
    }

    private void createNamespace() throws PulsarAdminException {
        List<String> present;
        try {
            present = admin.namespaces().getNamespaces(settings.tenant().value());
        } catch (PulsarAdminException.NotFoundException _) {
            unlessPresent(this::createTenant);
            present = List.of();
        }
        if (!present.contains(topic.namespaceName())) {
            unlessPresent(() -> admin.namespaces().createNamespace(topic.namespaceName()));
            LOG.info("Created the namespace {}", topic.namespaceName());
        }
    }

    private void createTenant() throws PulsarAdminException {
        Set<String> clusters = new HashSet<>(admin.clusters().getClusters());
        clusters.remove("global");
        admin.tenants()
                .createTenant(
                        settings.tenant().value(),
                        TenantInfo.builder().allowedClusters(clusters).build());
    }

    private void createTopic() throws PulsarAdminException {
        List<String> present = admin.topics().getPartitionedTopicList(topic.namespaceName());
        if (!present.contains(topic.toString())) {
            Map<String, String> properties =
                    Map.of(BUCKETS, Integer.toString(settings.bucketsPerPartition()));
            unlessPresent(() ->
                    admin.topics()
                            .createPartitionedTopic(
                                    topic.toString(), settings.partitions(), properties));
            LOG.info("Created {} with {} partitions", topic, settings.partitions());
        }
    }

    private List<String> partitionDifferences() throws PulsarAdminException {
        int partitions;
        Map<String, String> properties;
        try {
            partitions = admin.topics().getPartitionedTopicMetadata(topic.toString()).partitions;
            properties = admin.topics().getProperties(topic.toString());
        } catch (PulsarAdminException.NotFoundException _) {
            return List.of("the topic does not exist");
        }
        if (partitions == 0) {
            return List.of("the topic does not exist as a partitioned one");
        }
        List<String> differences = new ArrayList<>();
        if (partitions != settings.partitions()) {
            differences.add(fixed("partitions", partitions, settings.partitions()));
        }
        String buckets = properties == null ? null : properties.get(BUCKETS);
        if (!Integer.toString(settings.bucketsPerPartition()).equals(buckets)) {
            differences.add(
                    fixed(
                            "buckets in a partition",
                            buckets == null ? "an unknown number of" : buckets,
                            settings.bucketsPerPartition()));
        }
        return differences;
    }

    private static String fixed(String what, Object found, int wanted) {
        return "it has "
                + found
                + " "
                + what
                + " and "
                + wanted
                + " are configured; the order of keys rests on this: docs/operations.md says how to"
                + " change it";
    }

    private void registerSchema() throws PulsarAdminException {
        if (!schemaDifferences().isEmpty()) {
            try {
                admin.schemas().createSchema(topic.toString(), codec.contract().getSchemaInfo());
                LOG.info("Registered the schema of {}", topic);
            } catch (PulsarAdminException.ConflictException incompatible) {
                throw new InvalidValue(
                        topic.toString(),
                        "must have a schema that each registered version can read and be read by: "
                                + incompatible.getMessage());
            }
        }
    }

    /** Older and newer versions may be registered beside ours: all of them are in use. */
    private List<String> schemaDifferences() throws PulsarAdminException {
        List<SchemaInfo> registered;
        try {
            registered = admin.schemas().getAllSchemas(topic.toString());
        } catch (PulsarAdminException.NotFoundException _) {
            registered = List.of();
        }
        return registered.stream().anyMatch(this::isOurs)
                ? List.of()
                : List.of("the schema of this version is not registered");
    }

    private boolean isOurs(SchemaInfo registered) {
        try {
            return registered.getType() == SchemaType.AVRO
                    && new Schema.Parser()
                            .parse(registered.getSchemaDefinition())
                            .equals(codec.schema());
        } catch (SchemaParseException _) {
            return false;
        }
    }

    private void createSubscriptions() throws PulsarAdminException {
        for (int partition = 0; partition < settings.partitions(); partition++) {
            String name = topic.partition(partition);
            List<String> present = admin.topics().getSubscriptions(name);
            for (String declared : settings.subscriptions()) {
                if (!present.contains(declared)) {
                    unlessPresent(() ->
                            admin.topics().createSubscription(name, declared, MessageId.earliest));
                    LOG.info("Created the subscription {} on {}", declared, name);
                }
            }
        }
    }

    private List<String> subscriptionDifferences() throws PulsarAdminException {
        List<String> differences = new ArrayList<>();
        for (int partition = 0; partition < settings.partitions(); partition++) {
            String name = topic.partition(partition);
            Set<String> present = new HashSet<>();
            try {
                present.addAll(admin.topics().getSubscriptions(name));
            } catch (PulsarAdminException.NotFoundException _) {
                differences.add("the partition " + partition + " does not exist");
                continue;
            }
            for (String declared : settings.subscriptions()) {
                if (!present.contains(declared)) {
                    differences.add(
                            "the subscription "
                                    + declared
                                    + " is missing on partition "
                                    + partition);
                }
            }
        }
        return differences;
    }

    private static void unlessPresent(Step creation) throws PulsarAdminException {
        try {
            creation.run();
        } catch (PulsarAdminException.ConflictException _) {
            // Somebody was first: what it is like is compared afterwards.
        }
    }

    /**
     * A broker that refuses will refuse again; one that fails or is silent may be back soon, and
     * one that is busy with the same subscription for another process (412) will be done.
     */
    private RuntimeException translated(PulsarAdminException failure) {
        int status = failure.getStatusCode();
        return status >= 400 && status < 500 && status != 412
                ? new InvalidValue(
                        topic.toString(),
                        "must be one that the broker lets this program set up: "
                                + failure.getMessage())
                : new Unavailable(
                        "the broker does not let "
                                + topic
                                + " be looked at or set up: "
                                + failure.getMessage(),
                        failure);
    }
}
