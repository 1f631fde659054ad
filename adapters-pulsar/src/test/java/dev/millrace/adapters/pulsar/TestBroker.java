package dev.millrace.adapters.pulsar;

import static org.awaitility.Awaitility.await;

import dev.millrace.adapters.pulsar.driven.PublisherSettings;
import dev.millrace.adapters.pulsar.driven.PulsarPublisher;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Tenant;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.fake.RecordedMeasurements;
import dev.millrace.stack.Endpoints;
import dev.millrace.stack.SharedStack;

import io.opentelemetry.api.OpenTelemetry;

import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageId;
import org.apache.pulsar.client.api.Reader;
import org.apache.pulsar.client.api.Schema;
import org.awaitility.Awaitility;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A tenant of its own on the tests' broker, and what the tests do there again and again. */
final class TestBroker implements AutoCloseable {

    static final String SUBSCRIPTION = "worker";

    private final Endpoints endpoints = SharedStack.endpoints();
    private final PulsarConnection connection = open();
    private final Tenant tenant = new Tenant("t" + UUID.randomUUID());
    private Namespace namespace = freshNamespace();

    static {
        // The broker is real and may be slow on a busy machine; what fails should fail for a
        // reason.
        Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    }

    PulsarConnection connection() {
        return connection;
    }

    Endpoints endpoints() {
        return endpoints;
    }

    /** A further connection. */
    PulsarConnection open() {
        return PulsarConnection.open(
                PulsarSettings.at(endpoints.pulsarServiceUrl(), endpoints.pulsarAdminUrl()),
                OpenTelemetry.noop());
    }

    /** Goes on in another namespace, for a test that changes its policies. */
    void changeNamespace() {
        namespace = freshNamespace();
    }

    /** A stream that no other test uses. */
    TopicSettings freshTopic(int partitions, int buckets) {
        return topic(new StreamName("s" + UUID.randomUUID()), partitions, buckets);
    }

    TopicSettings topic(StreamName stream, int partitions, int buckets) {
        return new TopicSettings(
                tenant,
                namespace,
                stream,
                partitions,
                buckets,
                Duration.ofHours(1),
                256,
                64L << 20,
                TopicSettings.Replication.SINGLE,
                List.of(SUBSCRIPTION));
    }

    /** A topic that is set up for the counter's events. */
    TopicSettings counterTopic(int partitions, int buckets) {
        TopicSettings topic = freshTopic(partitions, buckets);
        new TopicSetup(connection, topic, CounterCodec.FIRST).apply();
        return topic;
    }

    /** A publisher that is ready. */
    PulsarPublisher<CountEvent> publisher(TopicSettings topic, PublisherSettings settings) {
        return ready(
                PulsarPublisher.start(
                        connection,
                        topic,
                        settings,
                        CounterCodec.FIRST,
                        Clock.systemUTC(),
                        new RecordedMeasurements()));
    }

    PulsarPublisher<CountEvent> publisher(TopicSettings topic) {
        return publisher(topic, PublisherSettings.DEFAULTS);
    }

    static <E> PulsarPublisher<E> ready(PulsarPublisher<E> publisher) {
        await().pollInterval(Duration.ofMillis(20))
                .until(() -> publisher.condition("gate.producers").met());
        return publisher;
    }

    static SubscriptionId subscription(TopicSettings topic) {
        return new SubscriptionId(topic.tenant(), topic.namespace(), topic.stream(), SUBSCRIPTION);
    }

    /** All messages of one partition that are there now. */
    List<Message<byte[]>> read(TopicSettings topic, int partition) {
        List<Message<byte[]>> messages = new ArrayList<>();
        try (Reader<byte[]> reader =
                connection
                        .client()
                        .newReader(Schema.BYTES)
                        .topic(topic.name().partition(partition))
                        .startMessageId(MessageId.earliest)
                        .create()) {
            while (reader.hasMessageAvailable()) {
                messages.add(reader.readNext());
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return messages;
    }

    private static Namespace freshNamespace() {
        return new Namespace("n" + UUID.randomUUID());
    }

    @Override
    public void close() {
        connection.close();
    }
}
