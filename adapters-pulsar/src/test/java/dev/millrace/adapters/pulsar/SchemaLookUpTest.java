package dev.millrace.adapters.pulsar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.adapters.pulsar.driven.PulsarPublisher;
import dev.millrace.adapters.pulsar.driving.Lanes;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.SubscriptionType;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.driven.OutgoingEvent;
import dev.millrace.ports.driven.Publication;
import dev.millrace.ports.driving.Instruction;
import dev.millrace.ports.driving.ProcessEvents;

import io.opentelemetry.api.OpenTelemetry;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A schema that cannot be looked up is an outage, which costs no event; one that is not registered
 * makes an event undecodable.
 */
final class SchemaLookUpTest {

    private final Recorder core = new Recorder();
    private final AtomicInteger outages = new AtomicInteger();

    @Test
    void a_look_up_that_fails_holds_the_event_until_the_schema_is_found() throws Exception {
        try (TestBroker broker = new TestBroker()) {
            URI admin = URI.create(broker.endpoints().pulsarAdminUrl());
            TopicSettings topic = broker.counterTopic(1, 4);
            publish(broker, topic);
            try (Doorway door = new Doorway(admin.getHost(), admin.getPort());
                    PulsarConnection connection = through(door, broker);
                    Lanes<CountEvent> _ = lanes(connection, topic)) {
                await().until(() -> outages.get() >= 3);
                assertThat(core.batches()).isEmpty();

                door.open();

                await().until(() -> !core.acknowledged().isEmpty());
            }
        }
        assertThat(core.acknowledged())
                .singleElement()
                .isInstanceOfSatisfying(
                        Delivery.Decoded.class,
                        event -> assertThat(event.messageId()).isEqualTo(new MessageId("m")));
    }

    @Test
    void a_version_that_is_not_registered_makes_the_event_undecodable() throws Exception {
        try (TestBroker broker = new TestBroker()) {
            TopicSettings topic = broker.counterTopic(1, 4);
            publish(broker, topic);
            broker.connection().admin().schemas().deleteSchema(topic.name().toString());
            try (Lanes<CountEvent> _ = lanes(broker.connection(), topic)) {
                await().until(() -> !core.acknowledged().isEmpty());
            }
        }
        assertThat(outages).hasValue(0);
        assertThat(core.acknowledged())
                .singleElement()
                .isInstanceOfSatisfying(
                        Delivery.Undecodable.class,
                        event ->
                                assertThat(event.cause())
                                        .isEqualTo("no schema is registered under its version"));
    }

    private static void publish(TestBroker broker, TopicSettings topic) {
        CountEvent event = new CountEvent(new Key("k"), 1, false);
        try (PulsarPublisher<CountEvent> publisher = broker.publisher(topic)) {
            assertThat(
                            publisher.publish(
                                    List.of(
                                            new OutgoingEvent<>(
                                                    new MessageId("m"),
                                                    event.key(),
                                                    event,
                                                    Map.of()))))
                    .singleElement()
                    .isInstanceOf(Publication.Stored.class);
        }
    }

    private static PulsarConnection through(Doorway admin, TestBroker broker) {
        return PulsarConnection.open(
                new PulsarSettings(
                        broker.endpoints().pulsarServiceUrl(),
                        "http://127.0.0.1:" + admin.port(),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(10),
                        1 << 20),
                OpenTelemetry.noop());
    }

    private Lanes<CountEvent> lanes(PulsarConnection connection, TopicSettings topic) {
        ProcessEvents<CountEvent> patient =
                batch -> {
                    try {
                        return core.process(batch);
                    } catch (Unavailable _) {
                        outages.incrementAndGet();
                        return new Instruction.Retry(Duration.ofMillis(20), "the test says so");
                    }
                };
        return Lanes.start(
                connection,
                TestBroker.subscription(topic),
                LanesTest.settings(SubscriptionType.KEY_SHARED, 1),
                CounterStream.STREAM,
                CounterCodec.FIRST,
                patient,
                Optional::empty,
                Clock.systemUTC());
    }
}
