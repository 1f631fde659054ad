package dev.millrace.adapters.pulsar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.millrace.adapters.pulsar.driven.PulsarCursor;
import dev.millrace.adapters.pulsar.driven.PulsarDecoder;
import dev.millrace.adapters.pulsar.driven.PulsarPublisher;
import dev.millrace.adapters.pulsar.driving.LaneSettings;
import dev.millrace.adapters.pulsar.driving.Lanes;
import dev.millrace.domain.Copy;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.ParkedEvent;
import dev.millrace.domain.Payload;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.SubscriptionType;
import dev.millrace.domain.flow.Backlog;
import dev.millrace.domain.operations.LaneReport;
import dev.millrace.domain.operations.LaneState;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.driven.OutgoingEvent;
import dev.millrace.ports.driven.Publication;
import dev.millrace.ports.driving.CheckPause;
import dev.millrace.ports.driving.Instruction;

import io.opentelemetry.api.OpenTelemetry;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

final class LanesTest {

    private static final Duration SHORT = Duration.ofMillis(50);

    private static TestBroker broker;

    private final Recorder core = new Recorder();
    private volatile Optional<Instruction.Hold> wish = Optional.empty();
    private final CheckPause pause = () -> wish;
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
        topic = broker.counterTopic(2, 4);
    }

    @Test
    void one_exclusive_lane_receives_everything_in_order() {
        receivesEverything(SubscriptionType.EXCLUSIVE, 1);
        assertOrderPerKey();
    }

    @Test
    void failover_lanes_receive_everything_in_order() {
        receivesEverything(SubscriptionType.FAILOVER, 2);
        assertOrderPerKey();
    }

    @Test
    void key_shared_lanes_receive_everything_in_order() {
        receivesEverything(SubscriptionType.KEY_SHARED, 2);
        assertOrderPerKey();
    }

    @Test
    void shared_lanes_receive_everything() {
        receivesEverything(SubscriptionType.SHARED, 2);
    }

    @Test
    void a_delivery_carries_the_event_and_the_copy_as_it_lies() {
        List<Publication> published = publish(0, 1);
        try (Lanes<CountEvent> _ = start(SubscriptionType.KEY_SHARED, 1)) {
            await().until(() -> core.acknowledged().size() == 1);
        }

        Delivery<CountEvent> delivery = core.acknowledged().getFirst();
        CountEvent event = new CountEvent(new Key("key-0"), 0, false);
        assertThat(delivery)
                .isEqualTo(
                        new Delivery.Decoded<>(
                                new MessageId("m0"),
                                new Key("key-0"),
                                event,
                                CounterStream.STREAM.digest(event),
                                delivery.copy()));
        assertThat(published).containsExactly(new Publication.Stored(delivery.position()));
        assertThat(delivery.copy().payload().toByteArray())
                .isEqualTo(CounterCodec.FIRST.encode(event));
        assertThat(delivery.copy().schemaVersion()).isEqualTo("0");
        assertThat(delivery.copy().properties())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(WireNames.MESSAGE_ID, "m0", "origin", "test"));
        assertThat(Duration.between(delivery.copy().publishedAt(), Clock.systemUTC().instant()))
                .isLessThan(Duration.ofMinutes(1));
    }

    @Test
    void a_copy_that_was_stored_is_read_again_as_it_was() {
        publish(0, 1);
        try (Lanes<CountEvent> _ = start(SubscriptionType.KEY_SHARED, 1)) {
            await().until(() -> core.acknowledged().size() == 1);
        }
        Delivery.Decoded<CountEvent> delivery =
                (Delivery.Decoded<CountEvent>) core.acknowledged().getFirst();
        PulsarDecoder<CountEvent> decoder = decoder(broker.connection());

        assertThat(decoder.decode(parked(delivery, delivery.copy()))).isEqualTo(delivery);
        for (Copy damaged :
                List.of(
                        new Copy(
                                delivery.position(),
                                delivery.copy().publishedAt(),
                                Payload.copyOf(new byte[] {1, 2, 3}),
                                "0",
                                Map.of()),
                        new Copy(
                                delivery.position(),
                                delivery.copy().publishedAt(),
                                delivery.copy().payload(),
                                "4711",
                                Map.of()),
                        new Copy(
                                delivery.position(),
                                delivery.copy().publishedAt(),
                                delivery.copy().payload(),
                                "",
                                Map.of()))) {
            assertThat(decoder.decode(parked(delivery, damaged)))
                    .isInstanceOf(Delivery.Undecodable.class);
        }
    }

    @Test
    void a_schema_that_cannot_be_looked_up_is_an_outage_and_no_events_fault() {
        publish(0, 1);
        try (Lanes<CountEvent> _ = start(SubscriptionType.KEY_SHARED, 1)) {
            await().until(() -> core.acknowledged().size() == 1);
        }
        Delivery.Decoded<CountEvent> delivery =
                (Delivery.Decoded<CountEvent>) core.acknowledged().getFirst();
        try (PulsarConnection nowhere =
                PulsarConnection.open(
                        PulsarSettings.at("pulsar://127.0.0.1:1", "http://127.0.0.1:1"),
                        OpenTelemetry.noop())) {
            assertThatThrownBy(() -> decoder(nowhere).decode(parked(delivery, delivery.copy())))
                    .isInstanceOf(Unavailable.class);
        }
    }

    private PulsarDecoder<CountEvent> decoder(PulsarConnection connection) {
        return new PulsarDecoder<>(
                connection, TopicName.of(TestBroker.subscription(topic)), CounterCodec.FIRST);
    }

    private static ParkedEvent parked(Delivery.Decoded<CountEvent> delivery, Copy copy) {
        return new ParkedEvent(1, delivery.messageId(), delivery.key(), delivery.digest(), copy, 1);
    }

    @Test
    void a_retry_hands_over_the_same_batch_until_the_outage_is_over() {
        AtomicInteger tries = new AtomicInteger();
        core.answer(_ ->
                tries.incrementAndGet() < 4
                        ? new Instruction.Retry(SHORT, "the test says so")
                        : new Instruction.Acknowledge());
        publish(0, 20);
        try (Lanes<CountEvent> lanes = start(SubscriptionType.KEY_SHARED, 1)) {
            await().pollInterval(Duration.ofMillis(5))
                    .until(() -> lanes.states().contains(LaneState.PAUSED));
            await().until(() -> core.acknowledged().size() == 20);
            assertThat(lanes.states()).containsExactly(LaneState.RUNNING);
        }
        List<List<Delivery<CountEvent>>> batches = core.batches();
        assertThat(batches.subList(1, 4)).allMatch(batches.getFirst()::equals);
        assertThat(core.acknowledgedIds()).doesNotHaveDuplicates();
    }

    @Test
    void a_withdrawn_lane_leaves_its_events_to_others_and_comes_back() {
        core.answer(_ -> new Instruction.Withdraw(SHORT, "the test says so"));
        publish(0, 10);
        try (Lanes<CountEvent> lanes = start(SubscriptionType.KEY_SHARED, 1)) {
            await().until(() -> lanes.states().contains(LaneState.WITHDRAWN));
            assertThat(lanes.condition("worker.lanes").met()).isFalse();
            await().until(() -> core.batches().stream().filter(List::isEmpty).count() > 2);
            Recorder other = new Recorder();
            try (Lanes<CountEvent> _ = start(SubscriptionType.KEY_SHARED, 1, other)) {
                await().until(() -> other.acknowledged().size() == 10);
            }
            core.answer(_ -> new Instruction.Acknowledge());
            await().until(() -> lanes.condition("worker.lanes").met());
            publish(10, 20);
            await().until(() -> core.acknowledged().size() == 10);
        }
    }

    @Test
    void a_pause_takes_nothing_on_and_keeps_the_consumer_and_goes_on_where_it_stood() {
        publish(0, 5);
        try (Lanes<CountEvent> lanes = start(SubscriptionType.KEY_SHARED, 1)) {
            await().until(() -> core.acknowledged().size() == 5);
            wish = Optional.of(new Instruction.Hold(SHORT, "anna wants it"));
            await().until(() -> lanes.states().contains(LaneState.PAUSED_BY_PERSON));
            publish(5, 300);

            assertThat(lanes.condition("worker.lanes").met()).as("a pause is no fault").isTrue();
            LaneReport report = lanes.reports().getFirst();
            assertThat(report.waitsFor()).isEqualTo("anna wants it");
            assertThat(report.acknowledged())
                    .containsExactly(core.acknowledged().getLast().position());
            assertThat(core.batches().stream().mapToInt(List::size).sum()).isEqualTo(5);

            wish = Optional.empty();
            await().until(() -> core.acknowledged().size() == 300);
            await().until(() -> lanes.reports().getFirst().rate() > 0);
            assertThat(lanes.states()).containsExactly(LaneState.RUNNING);
        }
        assertThat(core.acknowledgedIds()).doesNotHaveDuplicates();
        assertOrderPerKey();
    }

    @Test
    void a_batch_that_a_pause_meets_in_hand_waits_and_is_handed_over_again() {
        core.answer(_ -> new Instruction.Hold(SHORT, "the test says so"));
        publish(0, 20);
        try (Lanes<CountEvent> lanes = start(SubscriptionType.KEY_SHARED, 1)) {
            await().until(() -> lanes.states().contains(LaneState.PAUSED_BY_PERSON));
            assertThat(core.acknowledged()).isEmpty();
            core.answer(_ -> new Instruction.Acknowledge());
            await().until(() -> core.acknowledged().size() == 20);
        }
        assertThat(core.acknowledgedIds()).doesNotHaveDuplicates();
    }

    @Test
    void a_bug_halts_the_lane_and_nothing_is_acknowledged() {
        core.answer(_ -> {
            throw new IllegalStateException("the test says so");
        });
        publish(0, 5);
        try (Lanes<CountEvent> lanes = start(SubscriptionType.KEY_SHARED, 1)) {
            await().until(() -> lanes.states().contains(LaneState.HALTED));
        }
        Recorder next = new Recorder();
        try (Lanes<CountEvent> _ = start(SubscriptionType.KEY_SHARED, 1, next)) {
            await().until(() -> next.acknowledged().size() == 5);
        }
    }

    @Test
    void nothing_that_was_drained_arrives_again() {
        publish(0, 500);
        try (Lanes<CountEvent> lanes = start(SubscriptionType.KEY_SHARED, 2)) {
            await().pollInterval(Duration.ofMillis(1)).until(() -> !core.acknowledged().isEmpty());
            lanes.drain(Duration.ofSeconds(10));
            assertThat(lanes.states()).containsOnly(LaneState.STOPPED);
        }
        List<String> before = core.acknowledgedIds();
        Recorder next = new Recorder();
        try (Lanes<CountEvent> _ = start(SubscriptionType.KEY_SHARED, 2, next)) {
            await().until(() -> before.size() + next.acknowledged().size() >= 500);
        }
        assertThat(next.acknowledgedIds()).doesNotContainAnyElementsOf(before);
        PulsarCursor cursor = new PulsarCursor(broker.connection(), Clock.systemUTC());
        assertThat(cursor.backlog(TestBroker.subscription(topic), 1).entries()).isZero();
    }

    @Test
    void a_second_exclusive_consumer_waits_until_the_first_is_gone() {
        Recorder second = new Recorder();
        try (Lanes<CountEvent> first = start(SubscriptionType.EXCLUSIVE, 1)) {
            await().until(() -> first.condition("worker.lanes").met());
            try (Lanes<CountEvent> waiting = start(SubscriptionType.EXCLUSIVE, 1, second)) {
                await().during(Duration.ofMillis(500))
                        .until(() -> !waiting.condition("worker.lanes").met());
                assertThat(waiting.condition("worker.lanes").detail())
                        .contains("another consumer holds this subscription");
                first.drain(Duration.ofSeconds(10));
                await().until(() -> waiting.condition("worker.lanes").met());
                publish(0, 5);
                await().until(() -> second.acknowledged().size() == 5);
            }
        }
        assertThat(core.acknowledged()).isEmpty();
    }

    @Test
    void the_cursor_knows_how_old_the_backlog_is() {
        PulsarCursor cursor = new PulsarCursor(broker.connection(), Clock.systemUTC());
        SubscriptionId subscription = TestBroker.subscription(topic);
        Instant before = Clock.systemUTC().instant().truncatedTo(ChronoUnit.MILLIS);
        assertThat(cursor.acknowledgedBefore(subscription)).isAfterOrEqualTo(before);

        publish(0, 20);
        Instant after = Clock.systemUTC().instant();
        assertThat(cursor.acknowledgedBefore(subscription)).isBetween(before, after);
        Backlog backlog = cursor.backlog(subscription, 2.5);
        assertThat(backlog.entries()).isPositive();
        assertThat(backlog.events()).isEqualTo(2.5 * backlog.entries());
        assertThat(backlog.ageSeconds()).isBetween(0.0, 60.0);

        try (Lanes<CountEvent> _ = start(SubscriptionType.KEY_SHARED, 1)) {
            await().until(() -> core.acknowledged().size() == 20);
        }
        await().untilAsserted(() ->
                assertThat(cursor.backlog(subscription, Double.NaN))
                        .isEqualTo(new Backlog(0, 0, 0)));
        assertThat(cursor.acknowledgedBefore(subscription)).isAfter(after);
    }

    private void receivesEverything(SubscriptionType type, int lanes) {
        try (Lanes<CountEvent> started = start(type, lanes)) {
            await().until(() -> started.condition("worker.lanes").met());
            publish(0, 600);
            await().until(() -> core.acknowledged().size() >= 600);
        }
        assertThat(core.acknowledgedIds())
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 600).mapToObj(i -> "m" + i).toList());
    }

    private void assertOrderPerKey() {
        Map<Key, List<Long>> byKey = new HashMap<>();
        for (Delivery<CountEvent> delivery : core.acknowledged()) {
            CountEvent event = ((Delivery.Decoded<CountEvent>) delivery).event();
            byKey.computeIfAbsent(event.key(), _ -> new ArrayList<>()).add(event.by());
        }
        assertThat(byKey).hasSize(30);
        assertThat(byKey.values()).allSatisfy(values -> assertThat(values).isSorted());
    }

    private Lanes<CountEvent> start(SubscriptionType type, int lanes) {
        return start(type, lanes, core);
    }

    private Lanes<CountEvent> start(SubscriptionType type, int lanes, Recorder recorder) {
        return Lanes.start(
                broker.connection(),
                TestBroker.subscription(topic),
                settings(type, lanes),
                CounterStream.STREAM,
                CounterCodec.FIRST,
                recorder,
                pause,
                Clock.systemUTC());
    }

    static LaneSettings settings(SubscriptionType type, int lanes) {
        return new LaneSettings(
                type, lanes, 50, 1 << 20, SHORT, Duration.ofSeconds(5), "test-process");
    }

    private List<Publication> publish(int from, int to) {
        return publish(from, to, 30);
    }

    private List<Publication> publish(int from, int to, int keys) {
        try (PulsarPublisher<CountEvent> publisher = broker.publisher(topic)) {
            List<Publication> publications =
                    publisher.publish(
                            IntStream.range(from, to)
                                    .mapToObj(i -> event(i, "key-" + i % keys))
                                    .toList());
            assertThat(publications).allMatch(Publication.Stored.class::isInstance);
            return publications;
        }
    }

    private static OutgoingEvent<CountEvent> event(int number, String key) {
        return new OutgoingEvent<>(
                new MessageId("m" + number),
                new Key(key),
                new CountEvent(new Key(key), number, false),
                Map.of("origin", "test"));
    }
}
