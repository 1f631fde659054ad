package dev.millrace.adapters.pulsar;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.adapters.pulsar.driven.PublisherSettings;
import dev.millrace.adapters.pulsar.driven.PulsarPublisher;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.ports.counter.CountEvent;
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

/** A broker that keeps its connections and says nothing. */
final class SilentBrokerTest {

    @Test
    void one_event_waits_for_it_and_the_next_are_refused_until_it_speaks_again() throws Exception {
        try (TestBroker broker = new TestBroker();
                Doorway door = doorway(broker.endpoints().pulsarServiceUrl());
                PulsarConnection connection = through(door, broker)) {
            TopicSettings topic = broker.counterTopic(1, 4);
            door.open();
            try (PulsarPublisher<CountEvent> publisher = publisher(connection, topic)) {
                TestBroker.ready(publisher);
                assertThat(publish(publisher, "before")).isInstanceOf(Publication.Stored.class);

                door.fallSilent();
                assertThat(publish(publisher, "meanwhile")).isInstanceOf(Publication.Unknown.class);
                assertThat(publisher.condition("gate.producers").met()).isFalse();
                assertThat(publish(publisher, "refused")).isInstanceOf(Publication.NotStored.class);

                door.open();
                TestBroker.ready(publisher);
                assertThat(publish(publisher, "after")).isInstanceOf(Publication.Stored.class);
            }
            assertThat(ids(broker, topic))
                    .startsWith("before")
                    .endsWith("after")
                    .doesNotContain("refused");
        }
    }

    private static Doorway doorway(String url) throws Exception {
        URI to = URI.create(url);
        return new Doorway(to.getHost(), to.getPort());
    }

    private static PulsarConnection through(Doorway door, TestBroker broker) {
        return PulsarConnection.open(
                new PulsarSettings(
                        "pulsar://127.0.0.1:" + door.port(),
                        broker.endpoints().pulsarAdminUrl(),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(30),
                        1 << 20),
                OpenTelemetry.noop());
    }

    private static PulsarPublisher<CountEvent> publisher(
            PulsarConnection connection, TopicSettings topic) {
        PublisherSettings defaults = PublisherSettings.DEFAULTS;
        return PulsarPublisher.start(
                connection,
                topic,
                new PublisherSettings(
                        defaults.maxDelay(),
                        defaults.maxEvents(),
                        defaults.maxBytes(),
                        defaults.maxPending(),
                        defaults.maxEventBytes(),
                        Duration.ofMillis(500),
                        Duration.ofMillis(200)),
                CounterCodec.FIRST,
                Clock.systemUTC(),
                new RecordedMeasurements());
    }

    private static Publication publish(PulsarPublisher<CountEvent> publisher, String messageId) {
        CountEvent event = new CountEvent(new Key("k"), 1, false);
        return publisher
                .publish(
                        List.of(
                                new OutgoingEvent<>(
                                        new MessageId(messageId), event.key(), event, Map.of())))
                .getFirst();
    }

    private static List<String> ids(TestBroker broker, TopicSettings topic) {
        return broker.read(topic, 0).stream()
                .map(message -> message.getProperty(WireNames.MESSAGE_ID))
                .toList();
    }
}
