package dev.millrace.adapters.pulsar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.adapters.pulsar.driven.PublisherSettings;
import dev.millrace.adapters.pulsar.driven.PulsarPublisher;
import dev.millrace.adapters.pulsar.driving.Lanes;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.SubscriptionType;
import dev.millrace.domain.operations.LaneState;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.driven.OutgoingEvent;
import dev.millrace.ports.driven.Publication;
import dev.millrace.ports.fake.RecordedMeasurements;

import io.opentelemetry.api.OpenTelemetry;

import org.junit.jupiter.api.Test;

import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A process that is up before its broker. */
final class LateBrokerTest {

    @Test
    void publisher_and_lanes_start_without_the_broker_and_work_once_it_is_there() throws Exception {
        try (TestBroker broker = new TestBroker();
                Doorway service = doorway(broker.endpoints().pulsarServiceUrl());
                Doorway admin = doorway(broker.endpoints().pulsarAdminUrl());
                PulsarConnection connection =
                        PulsarConnection.open(
                                new PulsarSettings(
                                        "pulsar://127.0.0.1:" + service.port(),
                                        "http://127.0.0.1:" + admin.port(),
                                        Duration.ofSeconds(2),
                                        Duration.ofSeconds(2),
                                        1 << 20),
                                OpenTelemetry.noop())) {
            TopicSettings topic = broker.counterTopic(1, 4);
            Recorder core = new Recorder();
            try (PulsarPublisher<CountEvent> publisher = publisher(connection, topic);
                    Lanes<CountEvent> lanes = lanes(connection, topic, core)) {
                OutgoingEvent<CountEvent> event =
                        new OutgoingEvent<>(
                                new MessageId("m"),
                                new Key("k"),
                                new CountEvent(new Key("k"), 1, false),
                                Map.of());
                assertThat(publisher.publish(List.of(event)))
                        .singleElement()
                        .isInstanceOf(Publication.NotStored.class);
                assertThat(lanes.states()).containsExactly(LaneState.STARTING);
                assertThat(lanes.condition("worker.lanes").met()).isFalse();

                service.open();
                admin.open();

                await().until(() -> publisher.condition("gate.producers").met());
                await().until(() -> lanes.condition("worker.lanes").met());
                assertThat(publisher.publish(List.of(event)))
                        .singleElement()
                        .isInstanceOf(Publication.Stored.class);
                await().until(() -> core.acknowledgedIds().equals(List.of("m")));
            }
        }
    }

    private static Doorway doorway(String url) throws Exception {
        URI to = URI.create(url);
        return new Doorway(to.getHost(), to.getPort());
    }

    private static PulsarPublisher<CountEvent> publisher(
            PulsarConnection connection, TopicSettings topic) {
        return PulsarPublisher.start(
                connection,
                topic,
                PublisherSettings.DEFAULTS,
                CounterCodec.FIRST,
                Clock.systemUTC(),
                new RecordedMeasurements());
    }

    private static Lanes<CountEvent> lanes(
            PulsarConnection connection, TopicSettings topic, Recorder core) {
        return Lanes.start(
                connection,
                TestBroker.subscription(topic),
                LanesTest.settings(SubscriptionType.KEY_SHARED, 1),
                CounterStream.STREAM,
                CounterCodec.FIRST,
                core,
                Optional::empty,
                Clock.systemUTC());
    }
}
