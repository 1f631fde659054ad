package dev.millrace.adapters.pulsar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.millrace.adapters.pulsar.driven.PublisherSettings;
import dev.millrace.adapters.pulsar.driven.PulsarPlayback;
import dev.millrace.adapters.pulsar.driven.PulsarPublisher;
import dev.millrace.adapters.pulsar.driven.PulsarTopicLog;
import dev.millrace.domain.Acknowledged;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Period;
import dev.millrace.domain.Position;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.TopicCopy;
import dev.millrace.domain.operations.CursorPlace;
import dev.millrace.domain.operations.ReplayScope;
import dev.millrace.domain.operations.ReplaySpan;
import dev.millrace.ports.contract.TopicLogContract;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.driven.OutgoingEvent;
import dev.millrace.ports.driven.Publication;
import dev.millrace.ports.driven.TopicLog;
import dev.millrace.ports.operations.driven.Playback;

import io.opentelemetry.api.OpenTelemetry;

import org.apache.pulsar.client.admin.PulsarAdminException;
import org.apache.pulsar.client.api.Consumer;
import org.apache.pulsar.client.api.Message;
import org.apache.pulsar.client.api.MessageIdAdv;
import org.apache.pulsar.client.api.PulsarClientException;
import org.apache.pulsar.client.api.Schema;
import org.apache.pulsar.client.api.SubscriptionType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

final class PulsarTopicLogTest implements TopicLogContract {

    private static TestBroker broker;
    private static PulsarConnection nowhere;

    private TopicSettings topic;
    private PulsarPublisher<CountEvent> publisher;
    private boolean unavailable;

    @BeforeAll
    static void open() {
        broker = new TestBroker();
        nowhere =
                PulsarConnection.open(
                        new PulsarSettings(
                                "pulsar://127.0.0.1:1",
                                "http://127.0.0.1:1",
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(1),
                                1 << 20),
                        OpenTelemetry.noop());
    }

    @AfterAll
    static void close() {
        nowhere.close();
        broker.close();
    }

    @BeforeEach
    void setUp() {
        topic = broker.counterTopic(2, 2);
        publisher = broker.publisher(topic);
    }

    @AfterEach
    void tearDown() {
        publisher.close();
    }

    @Test
    void a_batch_is_acknowledged_when_all_of_it_is() throws PulsarClientException {
        List<Position> batch = publishAsOneEntry(5);

        try (Consumer<byte[]> consumer = subscribe()) {
            List<Message<byte[]>> messages = receive(consumer, 5);
            for (int i = 0; i < 4; i++) {
                consumer.acknowledge(messages.get(i));
            }
            assertThat(batch).noneMatch(log().acknowledged(subscription())::contains);

            consumer.acknowledge(messages.get(4));
            await().untilAsserted(() ->
                    assertThat(batch).allMatch(log().acknowledged(subscription())::contains));
        }
        assertThat(copies()).extracting(TopicCopy::position).containsExactlyElementsOf(batch);
    }

    @Test
    void a_cursor_is_told_with_what_is_acknowledged_behind_a_gap() throws PulsarClientException {
        List<Position> entries = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            entries.addAll(publishOfOneKey(1));
        }
        acknowledge(entries.get(1));

        CursorPlace place = cursor(entries.getFirst().partition());
        assertThat(place.last()).isEqualTo(Acknowledged.Entry.of(entries.getLast()));
        assertThat(place.acknowledged()).isLessThan(Acknowledged.Entry.of(entries.getFirst()));
        assertThat(place.rangesBeyond()).isEqualTo(1);
        assertThat(place.backlogEntries()).isEqualTo(2);

        acknowledge(entries.getFirst());
        place = cursor(entries.getFirst().partition());
        assertThat(place.acknowledged()).isEqualTo(Acknowledged.Entry.of(entries.get(1)));
        assertThat(place.rangesBeyond()).isZero();
        assertThat(cursor(1 - entries.getFirst().partition()).backlogEntries()).isZero();
    }

    private CursorPlace cursor(int partition) {
        List<CursorPlace> places = new PulsarTopicLog(broker.connection()).cursors(subscription());
        assertThat(places).extracting(CursorPlace::partition).containsExactly(0, 1);
        return places.get(partition);
    }

    @Test
    void reading_goes_on_across_the_ledgers_of_a_partition() throws PulsarAdminException {
        List<Position> all = new ArrayList<>(publishOfOneKey(3));
        // Closed and opened again, a partition goes on in a new ledger.
        broker.connection()
                .admin()
                .topics()
                .unload(topic.name().partition(all.getFirst().partition()));
        all.addAll(publishOfOneKey(3));

        assertThat(all.stream().map(Position::ledger).distinct()).hasSize(2);
        assertThat(copies()).extracting(TopicCopy::position).containsExactlyElementsOf(all);
    }

    @Test
    void no_subscription_is_left_behind_by_reading() throws PulsarAdminException {
        List<Position> positions = publishOfOneKey(3);
        assertThat(copies()).hasSize(3);

        String partition = topic.name().partition(positions.getFirst().partition());
        await().untilAsserted(() ->
                assertThat(
                                broker.connection()
                                        .admin()
                                        .topics()
                                        .getStats(partition)
                                        .getSubscriptions())
                        .containsOnlyKeys(TestBroker.SUBSCRIPTION));
    }

    @Test
    void a_topic_is_played_back_as_a_lane_would_read_it_and_goes_on_behind_the_last_one()
            throws PulsarAdminException {
        List<Position> all = new ArrayList<>(publishOfOneKey(5));
        broker.connection()
                .admin()
                .topics()
                .unload(topic.name().partition(all.getFirst().partition()));
        all.addAll(publishOfOneKey(4));
        PulsarPlayback<CountEvent> playback =
                new PulsarPlayback<>(
                        broker.connection(),
                        subscription(),
                        new Decoding<>(
                                CounterStream.STREAM,
                                CounterCodec.FIRST,
                                new WriterSchemas(broker.connection(), topic.name())));
        ReplaySpan span = log().spans(subscription(), ReplayScope.ALL).getFirst();
        var _ = publishOfOneKey(3);

        List<Position> played = new ArrayList<>();
        for (int reads = 0; !span.isDone(); reads++) {
            assertThat(reads).isLessThan(10);
            Playback.Stretch<CountEvent> stretch = playback.read(span, 2);
            assertThat(stretch.copies())
                    .hasSizeBetween(1, 2)
                    .allSatisfy(copy -> assertThat(copy).isInstanceOf(Delivery.Decoded.class));
            stretch.copies().forEach(copy -> played.add(copy.position()));
            span = stretch.rest();
        }
        assertThat(played).isEqualTo(all);
    }

    private List<TopicCopy> copies() {
        List<TopicCopy> copies = new ArrayList<>();
        log().read(subscription(), Period.ALL, 2, copies::addAll);
        return copies;
    }

    private List<Position> publishOfOneKey(int count) {
        return publish(publisher, ofOneKey(count));
    }

    /** Events wait long enough for each other, however slow the machine is. */
    private List<Position> publishAsOneEntry(int count) {
        try (PulsarPublisher<CountEvent> gathering = broker.publisher(topic, patient())) {
            List<Position> batch = publish(gathering, ofOneKey(count));
            assertThat(batch).extracting(Position::entry).containsOnly(batch.getFirst().entry());
            return batch;
        }
    }

    private static PublisherSettings patient() {
        PublisherSettings usual = PublisherSettings.DEFAULTS;
        return new PublisherSettings(
                Duration.ofMillis(500),
                usual.maxEvents(),
                usual.maxBytes(),
                usual.maxPending(),
                usual.maxEventBytes(),
                usual.sendTimeout(),
                usual.checkInterval());
    }

    private static List<OutgoingEvent<CountEvent>> ofOneKey(int count) {
        return IntStream.range(0, count).mapToObj(i -> event("m" + i, "a")).toList();
    }

    @Override
    public TopicLog log() {
        return new PulsarTopicLog(unavailable ? nowhere : broker.connection());
    }

    @Override
    public SubscriptionId subscription() {
        return TestBroker.subscription(topic);
    }

    @Override
    public List<Position> publish(List<String> messageIds) {
        return publish(publisher, messageIds.stream().map(id -> event(id, "key-" + id)).toList());
    }

    private static List<Position> publish(
            PulsarPublisher<CountEvent> publisher, List<OutgoingEvent<CountEvent>> events) {
        TestBroker.ready(publisher);
        return publisher.publish(events).stream()
                .map(publication -> ((Publication.Stored) publication).position())
                .toList();
    }

    private static OutgoingEvent<CountEvent> event(String messageId, String key) {
        return new OutgoingEvent<>(
                new MessageId(messageId),
                new Key(key),
                new CountEvent(new Key(key), 1, false),
                Map.of());
    }

    @Override
    public void acknowledge(Position position) {
        try (Consumer<byte[]> consumer = subscribe()) {
            Map<Position, Message<byte[]>> received = new HashMap<>();
            while (!received.containsKey(position)) {
                Message<byte[]> message = receive(consumer, 1).getFirst();
                received.put(position(message), message);
            }
            consumer.acknowledge(received.get(position));
            await().until(() -> log().acknowledged(subscription()).contains(position));
        } catch (PulsarClientException failure) {
            throw new AssertionError(failure);
        }
    }

    private Consumer<byte[]> subscribe() throws PulsarClientException {
        return broker.connection()
                .client()
                .newConsumer(Schema.BYTES)
                .topic(topic.name().toString())
                .subscriptionName(TestBroker.SUBSCRIPTION)
                .subscriptionType(SubscriptionType.Shared)
                .isAckReceiptEnabled(true)
                .enableBatchIndexAcknowledgment(true)
                .acknowledgmentGroupTime(0, TimeUnit.MILLISECONDS)
                .subscribe();
    }

    private static Position position(Message<byte[]> message) {
        MessageIdAdv id = (MessageIdAdv) message.getMessageId();
        return new Position(
                id.getLedgerId(),
                id.getEntryId(),
                id.getPartitionIndex(),
                Math.max(0, id.getBatchIndex()));
    }

    private static List<Message<byte[]>> receive(Consumer<byte[]> consumer, int count)
            throws PulsarClientException {
        List<Message<byte[]>> messages = new ArrayList<>();
        while (messages.size() < count) {
            Message<byte[]> message = consumer.receive(20, TimeUnit.SECONDS);
            assertThat(message).isNotNull();
            messages.add(message);
        }
        return messages;
    }

    @Override
    public void makeUnavailable() {
        unavailable = true;
    }

    @Override
    public void makeAvailable() {
        unavailable = false;
    }
}
