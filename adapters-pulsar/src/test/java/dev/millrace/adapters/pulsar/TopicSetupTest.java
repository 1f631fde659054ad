package dev.millrace.adapters.pulsar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.millrace.domain.InvalidValue;
import dev.millrace.domain.operations.SchemaVersion;
import dev.millrace.ports.Unavailable;

import io.opentelemetry.api.OpenTelemetry;

import org.apache.pulsar.client.admin.PulsarAdmin;
import org.apache.pulsar.common.policies.data.RetentionPolicies;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

final class TopicSetupTest {

    private static TestBroker broker;
    private static PulsarAdmin admin;

    @BeforeAll
    static void open() {
        broker = new TestBroker();
        admin = broker.connection().admin();
    }

    @AfterAll
    static void close() {
        broker.close();
    }

    @BeforeEach
    void changeNamespace() {
        broker.changeNamespace();
    }

    @Test
    void what_is_missing_is_named_and_then_made_once() {
        TopicSettings topic = broker.freshTopic(3, 4);
        TopicSetup setup = setup(topic, CounterCodec.FIRST);

        assertThatThrownBy(setup::verify)
                .isInstanceOf(InvalidValue.class)
                .hasMessageContaining("the namespace " + topic.name().namespaceName());

        setup.apply();
        assertThatCode(setup::verify).doesNotThrowAnyException();
        setup.apply();
        assertThatCode(setup::verify).doesNotThrowAnyException();
    }

    @Test
    void several_processes_may_set_the_same_topic_up_at_once() throws Exception {
        TopicSettings topic = broker.freshTopic(2, 4);
        try (ExecutorService processes = Executors.newFixedThreadPool(3)) {
            for (Future<?> process :
                    IntStream.range(0, 3)
                            .mapToObj(_ -> processes.submit(() -> applyUntilDone(topic)))
                            .toList()) {
                process.get();
            }
        }
        setup(topic, CounterCodec.FIRST).verify();
    }

    @Test
    void each_difference_is_named_and_what_may_change_is_put_right() throws Exception {
        TopicSettings topic = broker.counterTopic(2, 4);
        TopicSetup setup = setup(topic, CounterCodec.FIRST);
        String namespace = topic.name().namespaceName();
        admin.namespaces().setRetention(namespace, new RetentionPolicies(0, 0));
        admin.namespaces().setNamespaceMessageTTL(namespace, 60);
        admin.namespaces().setIsAllowAutoUpdateSchema(namespace, true);
        admin.topics().deleteSubscription(topic.name().partition(1), TestBroker.SUBSCRIPTION);

        assertThatThrownBy(setup::verify)
                .isInstanceOf(InvalidValue.class)
                .hasMessageContaining("retention is")
                .hasMessageContaining("message TTL in seconds is 60 instead of 0")
                .hasMessageContaining("automatic schema update is true instead of false")
                .hasMessageContaining("the subscription worker is missing on partition 1");

        setup.apply();
        assertThatCode(setup::verify).doesNotThrowAnyException();
    }

    @Test
    void partitions_and_buckets_are_never_changed() throws Exception {
        TopicSettings topic = broker.counterTopic(2, 4);
        TopicSettings other = broker.topic(topic.stream(), 4, 8);

        assertThatThrownBy(setup(other, CounterCodec.FIRST)::apply)
                .isInstanceOf(InvalidValue.class)
                .hasMessageContaining("it has 2 partitions and 4 are configured")
                .hasMessageContaining("it has 4 buckets in a partition and 8 are configured")
                .hasMessageContaining("docs/operations.md says how to change it");
        assertThat(admin.topics().getPartitionedTopicMetadata(topic.name().toString()).partitions)
                .isEqualTo(2);
    }

    @Test
    void a_next_version_of_the_schema_stands_beside_the_first_and_an_incompatible_is_refused() {
        TopicSettings topic = broker.counterTopic(1, 4);

        setup(topic, CounterCodec.SECOND).apply();

        setup(topic, CounterCodec.FIRST).verify();
        setup(topic, CounterCodec.SECOND).verify();
        List<SchemaVersion> versions =
                new RegisteredSchemas(broker.connection(), topic.name(), CounterCodec.SECOND)
                        .versions();
        assertThat(versions).extracting(SchemaVersion::version).containsExactly(0L, 1L);
        assertThat(versions).extracting(SchemaVersion::own).containsExactly(false, true);
        assertThat(versions.getLast().changesSince(versions.getFirst()))
                .containsExactly(new SchemaVersion.Change("note", "", "string, \"-\" by default"));
        assertThatThrownBy(setup(topic, CounterCodec.INCOMPATIBLE)::apply)
                .isInstanceOf(InvalidValue.class)
                .hasMessageContaining("schema");
    }

    @Test
    void an_absent_broker_is_an_outage() throws Exception {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }
        try (PulsarConnection nowhere =
                PulsarConnection.open(
                        new PulsarSettings(
                                "pulsar://127.0.0.1:" + closed,
                                "http://127.0.0.1:" + closed,
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(1),
                                1 << 20),
                        OpenTelemetry.noop())) {
            TopicSetup setup = new TopicSetup(nowhere, broker.freshTopic(1, 1), CounterCodec.FIRST);
            assertThatThrownBy(setup::apply).isInstanceOf(Unavailable.class);
            assertThatThrownBy(setup::verify).isInstanceOf(Unavailable.class);
        }
    }

    /** As a starting process does it. */
    private void applyUntilDone(TopicSettings topic) {
        await().ignoreExceptionsMatching(Unavailable.class::isInstance)
                .untilAsserted(setup(topic, CounterCodec.FIRST)::apply);
    }

    private TopicSetup setup(TopicSettings topic, AvroCodec<?> codec) {
        return new TopicSetup(broker.connection(), topic, codec);
    }
}
