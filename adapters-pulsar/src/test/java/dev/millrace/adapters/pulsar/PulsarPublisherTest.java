package dev.millrace.adapters.pulsar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.adapters.pulsar.driven.PublisherSettings;
import dev.millrace.adapters.pulsar.driven.PulsarPublisher;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Position;
import dev.millrace.ports.contract.EventPublisherContract;
import dev.millrace.ports.contract.StoredEvent;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.driven.EventPublisher;
import dev.millrace.ports.driven.OutgoingEvent;
import dev.millrace.ports.driven.Publication;
import dev.millrace.ports.fake.RecordedMeasurements;

import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

final class PulsarPublisherTest implements EventPublisherContract {

    private static TestBroker broker;
    private static PulsarConnection connection;

    private TopicSettings topic;
    private PulsarPublisher<CountEvent> publisher;

    @BeforeAll
    static void open() {
        broker = new TestBroker();
        connection = broker.open();
    }

    @AfterAll
    static void close() {
        connection.close();
        broker.close();
    }

    @BeforeEach
    void start() {
        topic = broker.counterTopic(2, 4);
        publisher = TestBroker.ready(start(topic, connection));
    }

    @AfterEach
    void stop() {
        publisher.close();
    }

    @Override
    public EventPublisher<CountEvent> publisher() {
        return publisher;
    }

    @Override
    public List<StoredEvent<CountEvent>> stored(int atLeast) {
        List<StoredEvent<CountEvent>> stored = new ArrayList<>();
        for (int partition = 0; partition < topic.partitions(); partition++) {
            for (Message<byte[]> message : broker.read(topic, partition)) {
                stored.add(stored(partition, message));
            }
        }
        return stored;
    }

    /** To a client whose connections are closed the broker is away. */
    @Override
    public void makeUnavailable() {
        connection.close();
    }

    @Override
    public void makeAvailable() {
        connection = broker.open();
    }

    @Test
    void nothing_is_taken_while_a_declared_subscription_is_missing() throws Exception {
        publisher.close();
        String partition = topic.name().partition(1);
        broker.connection().admin().topics().deleteSubscription(partition, TestBroker.SUBSCRIPTION);
        try (PulsarPublisher<CountEvent> refusing = start(topic, broker.connection())) {
            await().until(() ->
                    refusing.condition("x").detail().contains("worker is missing on " + partition));
            assertThat(refusing.publish(List.of(event(1, "a"))))
                    .singleElement()
                    .isInstanceOf(Publication.NotStored.class);

            new TopicSetup(broker.connection(), topic, CounterCodec.FIRST).apply();
            TestBroker.ready(refusing);
            assertThat(refusing.publish(List.of(event(1, "a"))))
                    .singleElement()
                    .isInstanceOf(Publication.Stored.class);
        }
    }

    @Test
    void an_event_over_the_limit_is_too_large_and_its_followers_are_not_tried() {
        try (PulsarPublisher<CountEvent> strict =
                broker.publisher(topic, settings(Duration.ofMillis(5), 10_000, 12))) {
            List<Publication> publications =
                    strict.publish(
                            List.of(
                                    event(1, "a-key-of-some-length"),
                                    event(2, "a-key-of-some-length"),
                                    event(3, "b")));

            assertThat(publications)
                    .satisfiesExactly(
                            first -> assertThat(first).isEqualTo(new Publication.TooLarge()),
                            second -> assertThat(second).isEqualTo(new Publication.Aborted()),
                            third -> assertThat(third).isInstanceOf(Publication.Stored.class));
        }
    }

    @Test
    void a_full_queue_refuses_at_once_and_what_it_holds_is_stored() {
        try (PulsarPublisher<CountEvent> narrow =
                broker.publisher(topic, settings(Duration.ofMillis(300), 3, 1_000))) {
            List<OutgoingEvent<CountEvent>> events =
                    IntStream.range(0, 10).mapToObj(i -> event(i, i < 5 ? "a" : "b" + i)).toList();

            List<Publication> publications = narrow.publish(events);

            assertThat(publications).hasSize(10);
            assertThat(publications.subList(0, 3)).allMatch(Publication.Stored.class::isInstance);
            assertThat(publications.get(3)).isInstanceOf(Publication.NotStored.class);
            assertThat(publications.get(4)).isEqualTo(new Publication.Aborted());
            long takenByTheBroker =
                    publications.stream().filter(Publication.Stored.class::isInstance).count();
            assertThat(stored(0)).hasSize((int) takenByTheBroker);
        }
    }

    @Test
    void entries_fill_though_the_keys_are_many() {
        List<OutgoingEvent<CountEvent>> events =
                IntStream.range(0, 800).mapToObj(i -> event(i, "account-" + i)).toList();

        assertThat(publisher.publish(events)).allMatch(Publication.Stored.class::isInstance);

        Map<List<Long>, Set<String>> bucketsByEntry = new HashMap<>();
        for (int partition = 0; partition < topic.partitions(); partition++) {
            for (Message<byte[]> message : broker.read(topic, partition)) {
                MessageIdAdv id = (MessageIdAdv) message.getMessageId();
                bucketsByEntry
                        .computeIfAbsent(
                                List.of(id.getLedgerId(), id.getEntryId()), _ -> new HashSet<>())
                        .add(new String(message.getOrderingKey(), StandardCharsets.US_ASCII));
            }
        }
        assertThat(800.0 / bucketsByEntry.size()).as("events per entry").isGreaterThan(3);
        assertThat(bucketsByEntry.values()).allMatch(buckets -> buckets.size() == 1);
        assertThat(
                        bucketsByEntry.values().stream()
                                .flatMap(Set::stream)
                                .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder("0-0", "0-1", "0-2", "0-3", "1-0", "1-1", "1-2", "1-3");
    }

    @Test
    void each_publication_is_measured_once() {
        RecordedMeasurements measurements = new RecordedMeasurements();
        try (PulsarPublisher<CountEvent> measured =
                TestBroker.ready(
                        PulsarPublisher.start(
                                broker.connection(),
                                topic,
                                PublisherSettings.DEFAULTS,
                                CounterCodec.FIRST,
                                Clock.systemUTC(),
                                measurements))) {
            assertThat(measured.publish(List.of(event(1, "a"), event(2, "b")))).hasSize(2);
        }
        assertThat(measurements.published()).hasSize(2).allMatch(Duration::isPositive);
    }

    private static PulsarPublisher<CountEvent> start(
            TopicSettings topic, PulsarConnection connection) {
        return PulsarPublisher.start(
                connection,
                topic,
                PublisherSettings.DEFAULTS,
                CounterCodec.FIRST,
                Clock.systemUTC(),
                new RecordedMeasurements());
    }

    private static PublisherSettings settings(Duration delay, int maxPending, int maxEventBytes) {
        return new PublisherSettings(
                delay,
                1_000,
                1 << 20,
                maxPending,
                maxEventBytes,
                Duration.ofSeconds(5),
                Duration.ofSeconds(1));
    }

    private static OutgoingEvent<CountEvent> event(int number, String key) {
        return new OutgoingEvent<>(
                new MessageId("m" + number),
                new Key(key),
                new CountEvent(new Key(key), number, false),
                Map.of());
    }

    private static StoredEvent<CountEvent> stored(int partition, Message<byte[]> message) {
        MessageIdAdv id = (MessageIdAdv) message.getMessageId();
        AvroCodec.Reading<CountEvent> event =
                CounterCodec.FIRST.decode(CounterCodec.FIRST.schema(), message.getData());
        Map<String, String> properties = new HashMap<>(message.getProperties());
        String messageId = String.valueOf(properties.remove(WireNames.MESSAGE_ID));
        return new StoredEvent<>(
                new Position(
                        id.getLedgerId(),
                        id.getEntryId(),
                        partition,
                        Math.max(0, id.getBatchIndex())),
                new OutgoingEvent<>(
                        new MessageId(messageId),
                        new Key(message.getKey()),
                        ((AvroCodec.Reading.Event<CountEvent>) event).event(),
                        properties));
    }
}
