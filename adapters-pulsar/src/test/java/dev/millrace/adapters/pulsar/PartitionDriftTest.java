package dev.millrace.adapters.pulsar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.adapters.pulsar.driven.PublisherSettings;
import dev.millrace.adapters.pulsar.driven.PulsarCursor;
import dev.millrace.adapters.pulsar.driven.PulsarPublisher;
import dev.millrace.adapters.pulsar.driving.Lanes;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.SubscriptionType;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.driven.OutgoingEvent;
import dev.millrace.ports.driven.Publication;

import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** A topic that gets more partitions than are declared, while a publisher and lanes are at work. */
final class PartitionDriftTest {

    private static final int KEYS = 20;

    @Test
    void added_partitions_are_told_and_not_used_and_lanes_that_subscribe_afterwards_keep_order()
            throws Exception {
        Recorder before = new Recorder();
        Recorder after = new Recorder();
        try (TestBroker broker = new TestBroker()) {
            TopicSettings topic = broker.counterTopic(2, 4);
            try (PulsarPublisher<CountEvent> publisher = broker.publisher(topic, settings())) {
                assertThat(publisher.condition("x").detail()).isEmpty();
                await().until(() -> publisher.partitions().equals(OptionalInt.of(2)));
                try (Lanes<CountEvent> _ = lanes(broker, topic, before)) {
                    publish(publisher, 0, 200);
                    await().until(() -> before.acknowledged().size() == 200);
                }

                broker.connection()
                        .admin()
                        .topics()
                        .updatePartitionedTopic(topic.name().toString(), 5);
                await().until(() -> publisher.partitions().equals(OptionalInt.of(5)));
                assertThat(publisher.condition("x").met()).isTrue();
                assertThat(publisher.condition("x").detail())
                        .contains("has 5 partitions and 2 are declared")
                        .contains("docs/operations.md");

                publish(publisher, 200, 400);
                try (Lanes<CountEvent> _ = lanes(broker, topic, after)) {
                    publish(publisher, 400, 600);
                    await().until(() -> after.acknowledged().size() == 400);
                }
                PulsarCursor cursor = new PulsarCursor(broker.connection(), Clock.systemUTC());
                await().until(() ->
                        cursor.backlog(TestBroker.subscription(topic), 1).entries() == 0);
            }
        }
        List<Delivery<CountEvent>> all = new ArrayList<>(before.acknowledged());
        all.addAll(after.acknowledged());
        assertThat(all).allMatch(delivery -> delivery.position().partition() < 2);
        assertOrderPerKey(all);
    }

    private static void assertOrderPerKey(List<Delivery<CountEvent>> deliveries) {
        Map<Key, List<Long>> byKey = new HashMap<>();
        for (Delivery<CountEvent> delivery : deliveries) {
            CountEvent event = ((Delivery.Decoded<CountEvent>) delivery).event();
            byKey.computeIfAbsent(event.key(), _ -> new ArrayList<>()).add(event.by());
        }
        assertThat(byKey).hasSize(KEYS);
        assertThat(byKey.values()).allSatisfy(values -> assertThat(values).isSorted());
    }

    private static Lanes<CountEvent> lanes(
            TestBroker broker, TopicSettings topic, Recorder recorder) {
        return Lanes.start(
                broker.connection(),
                TestBroker.subscription(topic),
                LanesTest.settings(SubscriptionType.KEY_SHARED, 2),
                CounterStream.STREAM,
                CounterCodec.FIRST,
                recorder,
                Optional::empty,
                Clock.systemUTC());
    }

    private static PublisherSettings settings() {
        PublisherSettings usual = PublisherSettings.DEFAULTS;
        return new PublisherSettings(
                usual.maxDelay(),
                usual.maxEvents(),
                usual.maxBytes(),
                usual.maxPending(),
                usual.maxEventBytes(),
                usual.sendTimeout(),
                Duration.ofMillis(200));
    }

    private static void publish(PulsarPublisher<CountEvent> publisher, int from, int to) {
        List<OutgoingEvent<CountEvent>> events =
                IntStream.range(from, to)
                        .mapToObj(number -> {
                            Key key = new Key("key-" + number % KEYS);
                            return new OutgoingEvent<>(
                                    new MessageId("m" + number),
                                    key,
                                    new CountEvent(key, number, false),
                                    Map.of());
                        })
                        .toList();
        assertThat(publisher.publish(events)).allMatch(Publication.Stored.class::isInstance);
    }
}
