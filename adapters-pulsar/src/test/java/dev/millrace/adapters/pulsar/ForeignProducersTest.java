package dev.millrace.adapters.pulsar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.millrace.adapters.pulsar.driving.Lanes;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.Key;
import dev.millrace.domain.SubscriptionType;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.CounterStream;

import org.apache.pulsar.client.api.Producer;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.PulsarClientException.IncompatibleSchemaException;
import org.apache.pulsar.client.api.Schema;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Producers that are not ours: those that the broker refuses, and what the others can do. */
final class ForeignProducersTest {

    private static final CountEvent EVENT = new CountEvent(new Key("k"), 7, false);

    private static TestBroker broker;

    private TopicSettings topic;

    @BeforeAll
    static void open() {
        broker = new TestBroker();
    }

    @AfterAll
    static void close() {
        broker.close();
    }

    @BeforeEach
    void setUp() {
        topic = broker.counterTopic(1, 4);
    }

    @Test
    void the_broker_refuses_another_schema() {
        assertRefused(CounterCodec.INCOMPATIBLE.contract());
        assertRefused(Schema.STRING);
    }

    @Test
    void the_broker_refuses_a_compatible_schema_that_is_not_registered() {
        assertRefused(CounterCodec.SECOND.contract());
    }

    @Test
    void the_broker_refuses_raw_bytes_without_a_schema() {
        assertRefused(Schema.BYTES);
    }

    @Test
    void old_and_new_writers_are_read_side_by_side() throws Exception {
        new TopicSetup(broker.connection(), topic, CounterCodec.SECOND).apply();

        for (AvroCodec<CountEvent> version : List.of(CounterCodec.FIRST, CounterCodec.SECOND)) {
            try (Producer<byte[]> producer = producer(version.contract())) {
                send(producer, "k", "m", version.encode(EVENT));
            }
        }

        for (AvroCodec<CountEvent> reader : List.of(CounterCodec.FIRST, CounterCodec.SECOND)) {
            List<Delivery<CountEvent>> received = receive(reader, 2);
            assertThat(received)
                    .allSatisfy(delivery -> assertThat(event(delivery)).isEqualTo(EVENT));
            assertThat(received)
                    .extracting(delivery -> delivery.copy().schemaVersion())
                    .containsExactly("0", "1");
            broker.connection()
                    .admin()
                    .topics()
                    .resetCursor(topic.name().toString(), TestBroker.SUBSCRIPTION, 0);
        }
    }

    @Test
    void what_cannot_be_read_arrives_as_it_lies_with_all_that_was_found() throws Exception {
        byte[] bytes = CounterCodec.FIRST.encode(EVENT);
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        byte[] shorter = Arrays.copyOf(bytes, bytes.length - 1);
        byte[] noSuchKey = CounterCodec.FIRST.encode(EVENT);
        noSuchKey[1] = ' ';
        try (Producer<byte[]> producer = producer(CounterCodec.FIRST.contract())) {
            send(producer, "k", "longer", longer);
            send(producer, "k", "shorter", shorter);
            send(producer, "k", "invalid", noSuchKey);
            send(producer, "k", "empty", new byte[0]);
            producer.newMessage()
                    .key("k")
                    .property(WireNames.MESSAGE_ID, "null")
                    .value(null)
                    .send();
            producer.newMessage().key("k").value(bytes).send();
            send(producer, "k", "not a message ID", bytes);
            send(producer, "another", "other-key", bytes);
            producer.newMessage().property(WireNames.MESSAGE_ID, "keyless").value(bytes).send();
            send(producer, "k", "good", bytes);
        }

        List<Delivery<CountEvent>> received = receive(CounterCodec.FIRST, 10);

        assertThat(received)
                .extracting(Recorder::id)
                .containsExactly(
                        "longer",
                        "shorter",
                        "invalid",
                        "empty",
                        "null",
                        "",
                        "not a message ID",
                        "other-key",
                        "keyless",
                        "good");
        assertThat(received.subList(0, 9)).allMatch(Delivery.Undecodable.class::isInstance);
        assertThat(received.getLast()).isInstanceOf(Delivery.Decoded.class);
        assertThat(received.getFirst().copy().payload().toByteArray()).isEqualTo(longer);
        assertThat(received)
                .extracting(ForeignProducersTest::key)
                .containsExactly("k", "k", "k", "k", "k", "k", "k", "another", "", "k");
    }

    @Test
    void without_a_schema_nothing_can_be_read() throws Exception {
        broker.connection()
                .admin()
                .namespaces()
                .setSchemaValidationEnforced(topic.name().namespaceName(), false);
        try (Producer<byte[]> producer = producer(Schema.BYTES)) {
            send(producer, "k", "raw", CounterCodec.FIRST.encode(EVENT));
        } finally {
            new TopicSetup(broker.connection(), topic, CounterCodec.FIRST).apply();
        }

        assertThat(receive(CounterCodec.FIRST, 1))
                .singleElement()
                .isInstanceOfSatisfying(
                        Delivery.Undecodable.class,
                        undecodable -> {
                            assertThat(undecodable.messageId()).isEqualTo("raw");
                            assertThat(undecodable.cause()).isEqualTo("it has no schema version");
                            assertThat(undecodable.copy().schemaVersion()).isEmpty();
                        });
    }

    private List<Delivery<CountEvent>> receive(AvroCodec<CountEvent> codec, int count) {
        Recorder recorder = new Recorder();
        try (Lanes<CountEvent> _ =
                Lanes.start(
                        broker.connection(),
                        TestBroker.subscription(topic),
                        LanesTest.settings(SubscriptionType.EXCLUSIVE, 1),
                        CounterStream.STREAM,
                        codec,
                        recorder,
                        Optional::empty,
                        Clock.systemUTC())) {
            await().until(() -> recorder.acknowledged().size() >= count);
        }
        return recorder.acknowledged();
    }

    private <T> void assertRefused(Schema<T> schema) {
        assertThatThrownBy(() -> producer(schema).close())
                .isInstanceOf(IncompatibleSchemaException.class);
    }

    private <T> Producer<T> producer(Schema<T> schema) throws PulsarClientException {
        return broker.connection()
                .client()
                .newProducer(schema)
                .topic(topic.name().toString())
                .enableBatching(false)
                .create();
    }

    private static void send(Producer<byte[]> producer, String key, String messageId, byte[] bytes)
            throws PulsarClientException {
        producer.newMessage()
                .key(key)
                .property(WireNames.MESSAGE_ID, messageId)
                .value(bytes)
                .send();
    }

    private static CountEvent event(Delivery<CountEvent> delivery) {
        return ((Delivery.Decoded<CountEvent>) delivery).event();
    }

    private static String key(Delivery<CountEvent> delivery) {
        return switch (delivery) {
            case Delivery.Decoded<CountEvent> decoded -> decoded.key().value();
            case Delivery.Undecodable<CountEvent> undecodable -> undecodable.key();
        };
    }
}
