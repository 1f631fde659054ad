package dev.millrace.ports.usecase;

import static dev.millrace.ports.counter.Deliveries.add;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.ports.contract.StoredEvent;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.driven.EventPublisher;
import dev.millrace.ports.driven.OutgoingEvent;
import dev.millrace.ports.driven.Publication;
import dev.millrace.ports.driving.IngestEvents;
import dev.millrace.ports.driving.Receipt;
import dev.millrace.ports.driving.Submission;
import dev.millrace.ports.fake.InMemoryPublisher;
import dev.millrace.ports.fake.RecordedMeasurements;
import dev.millrace.ports.scenario.IngestEventsScenarios;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

final class EventIngestionTest implements IngestEventsScenarios {

    private static final Duration RETRY_AFTER = Duration.ofSeconds(3);
    private static final int PERMITS = 2_000;

    private final InMemoryPublisher<CountEvent> publisher = new InMemoryPublisher<>();
    private final AtomicInteger assigned = new AtomicInteger();
    private final Semaphore underWay = new Semaphore(PERMITS);
    private final RecordedMeasurements measurements = new RecordedMeasurements();
    private final IngestEvents<CountEvent> ingestion = ingestion(publisher);

    @Override
    public IngestEvents<CountEvent> ingestEvents() {
        return ingestion;
    }

    @Override
    public List<StoredEvent<CountEvent>> stored() {
        return publisher.stored();
    }

    @Override
    public void arrange(MessageId messageId, Publication fate) {
        publisher.arrange(messageId, fate);
    }

    @Override
    public void makeUnavailable() {
        publisher.makeUnavailable();
    }

    @Override
    public void makeAvailable() {
        publisher.makeAvailable();
    }

    @Test
    void properties_and_key_go_with_the_event() {
        Map<String, String> properties = Map.of("ce-id", "7", "ce-source", "/till");

        assertThat(
                        ingest(
                                new Submission.Identified<>(id("m1"), add("a", 5), properties),
                                new Submission.Anonymous<>(add("b", 6), properties)))
                .hasSize(2);

        assertThat(stored())
                .extracting(StoredEvent::event)
                .containsExactly(
                        new OutgoingEvent<>(id("m1"), new Key("a"), add("a", 5), properties),
                        new OutgoingEvent<>(
                                id("assigned-1"), new Key("b"), add("b", 6), properties));
    }

    @Test
    void an_empty_request_has_no_receipts_and_troubles_nobody() {
        IngestEvents<CountEvent> ingestion =
                ingestion(events -> {
                    throw new AssertionError("published " + events);
                });

        assertThat(receipts(ingestion, List.of())).isEmpty();
        assertThat(receipts(ingestion, List.of(new Submission.Unreadable<>(""))))
                .containsExactly(new Receipt.Unreadable());
    }

    @Test
    void an_unreadable_item_without_a_key_holds_up_nothing() {
        assertThat(ingest(new Submission.Unreadable<>(""), identified("m1", "a")).getLast())
                .isInstanceOf(Receipt.Accepted.class);
    }

    @Test
    void what_goes_over_the_bound_is_throttled_and_holds_up_its_key() {
        underWay.acquireUninterruptibly(PERMITS - 2);

        List<Receipt> receipts =
                ingest(
                        identified("m1", "a"),
                        identified("m2", "b"),
                        identified("m3", "a"),
                        identified("m4", "a"),
                        new Submission.Anonymous<>(add("c", 1), Map.of()));

        assertThat(receipts.subList(0, 2)).allMatch(Receipt.Accepted.class::isInstance);
        assertThat(receipts.subList(2, 5))
                .containsExactly(
                        new Receipt.Throttled(id("m3"), RETRY_AFTER),
                        new Receipt.Aborted(id("m4")),
                        new Receipt.Throttled(id("assigned-1"), RETRY_AFTER));
        assertThat(underWay.availablePermits()).isEqualTo(2);
    }

    @Test
    void a_permit_that_comes_free_within_a_request_does_not_let_an_event_overtake() {
        underWay.acquireUninterruptibly(PERMITS);
        IngestEvents<CountEvent> ingestion =
                new EventIngestion<>(
                        CounterStream.STREAM,
                        publisher,
                        () -> {
                            underWay.release();
                            return id("late");
                        },
                        underWay,
                        RETRY_AFTER,
                        measurements);

        List<Receipt> receipts =
                receipts(
                        ingestion,
                        List.of(
                                identified("m1", "a"),
                                new Submission.Anonymous<>(add("b", 1), Map.of()),
                                identified("m2", "a")));

        assertThat(receipts.get(0)).isInstanceOf(Receipt.Throttled.class);
        assertThat(receipts.get(1)).isInstanceOf(Receipt.Accepted.class);
        assertThat(receipts.get(2)).isEqualTo(new Receipt.Aborted(id("m2")));
    }

    @Test
    void permits_are_held_while_events_are_under_way_and_come_back_afterwards() {
        IngestEvents<CountEvent> ingestion =
                ingestion(events -> {
                    assertThat(underWay.availablePermits()).isEqualTo(PERMITS - 2);
                    return publisher.publish(events);
                });

        assertThat(
                        receipts(
                                ingestion,
                                List.of(
                                        identified("m1", "a"),
                                        new Submission.Unreadable<>("b"),
                                        identified("m2", "b"),
                                        identified("m3", "c"))))
                .hasSize(4);

        assertThat(underWay.availablePermits()).isEqualTo(PERMITS);
    }

    @Test
    void permits_come_back_also_when_the_publisher_or_the_ids_break() {
        IngestEvents<CountEvent> broken =
                ingestion(events -> {
                    throw new IllegalStateException("a bug");
                });
        assertThatThrownBy(() -> receipts(broken, List.of(identified("m1", "a"))))
                .isInstanceOf(IllegalStateException.class);
        assertThat(underWay.availablePermits()).isEqualTo(PERMITS);

        IngestEvents<CountEvent> nameless =
                new EventIngestion<>(
                        CounterStream.STREAM,
                        publisher,
                        () -> {
                            throw new IllegalStateException("no more IDs");
                        },
                        underWay,
                        RETRY_AFTER,
                        measurements);
        assertThatThrownBy(() ->
                        receipts(
                                nameless,
                                List.of(
                                        identified("m1", "a"),
                                        new Submission.Anonymous<>(add("a", 1), Map.of()))))
                .isInstanceOf(IllegalStateException.class);
        assertThat(underWay.availablePermits()).isEqualTo(PERMITS);
        assertThat(stored()).isEmpty();
    }

    @Test
    void unknown_spreads_to_what_was_on_its_way_behind_it_and_to_nothing_before_it() {
        arrange(id("m2"), new Publication.Unknown("no receipt in time"));
        arrange(id("m4"), new Publication.NotStored("queue full"));

        List<Receipt> receipts =
                ingest(
                        identified("m1", "a"),
                        identified("m2", "a"),
                        identified("m3", "a"),
                        identified("m4", "a"),
                        identified("m5", "a"),
                        identified("m6", "b"));

        assertThat(receipts.get(0)).isInstanceOf(Receipt.Accepted.class);
        assertThat(receipts.subList(1, 5))
                .containsExactly(
                        new Receipt.Unknown(id("m2")),
                        new Receipt.Unknown(id("m3")),
                        new Receipt.NotStored(id("m4"), RETRY_AFTER),
                        new Receipt.Aborted(id("m5")));
        assertThat(receipts.get(5)).isInstanceOf(Receipt.Accepted.class);
    }

    @Test
    void each_result_is_counted() {
        underWay.acquireUninterruptibly(PERMITS - 6);
        arrange(id("large"), new Publication.TooLarge());
        arrange(id("refused"), new Publication.NotStored("queue full"));
        arrange(id("unknown"), new Publication.Unknown("no receipt in time"));

        assertThat(
                        ingest(
                                identified("m1", "a"),
                                identified("m2", "a"),
                                identified("large", "b"),
                                identified("refused", "c"),
                                identified("aborted", "c"),
                                identified("unknown", "d"),
                                new Submission.Unreadable<>("e"),
                                identified("throttled", "f")))
                .hasSize(8);

        assertThat(measurements.ingested())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "counter accepted", 2,
                                "counter too_large", 1,
                                "counter not_stored", 1,
                                "counter aborted", 1,
                                "counter unknown", 1,
                                "counter invalid", 1,
                                "counter throttled", 1));
    }

    @Test
    void what_is_read_breaks_off_and_what_stood_before_in_whole_chunks_has_its_receipts() {
        List<Receipt> receipts = new ArrayList<>();
        Iterator<Submission<CountEvent>> broken =
                IntStream.iterate(0, i -> i + 1)
                        .mapToObj(i -> {
                            if (i == EventIngestion.CHUNK + 10) {
                                throw new UncheckedIOException(new IOException("gone"));
                            }
                            return identified("m" + i, "k" + i % 7);
                        })
                        .iterator();
        Semaphore room = new Semaphore(EventIngestion.CHUNK);
        IngestEvents<CountEvent> ingestion =
                new EventIngestion<>(
                        CounterStream.STREAM,
                        publisher,
                        () -> id("assigned"),
                        room,
                        RETRY_AFTER,
                        measurements);

        assertThatThrownBy(() -> ingestion.ingest(broken, receipts::add))
                .isInstanceOf(UncheckedIOException.class);

        assertThat(receipts)
                .hasSize(EventIngestion.CHUNK)
                .allMatch(Receipt.Accepted.class::isInstance);
        assertThat(stored()).hasSize(EventIngestion.CHUNK);
        assertThat(room.availablePermits()).isEqualTo(EventIngestion.CHUNK);
    }

    @Test
    void a_caller_that_is_slow_to_send_holds_no_permits() {
        Iterator<Submission<CountEvent>> slow =
                IntStream.range(0, 10)
                        .mapToObj(i -> {
                            assertThat(underWay.availablePermits()).isEqualTo(PERMITS);
                            return identified("m" + i, "a");
                        })
                        .iterator();

        ingestion.ingest(slow, receipt -> assertThat(receipt).isInstanceOf(Receipt.Accepted.class));

        assertThat(stored()).hasSize(10);
    }

    private IngestEvents<CountEvent> ingestion(EventPublisher<CountEvent> publisher) {
        return new EventIngestion<>(
                CounterStream.STREAM,
                publisher,
                () -> id("assigned-" + assigned.incrementAndGet()),
                underWay,
                RETRY_AFTER,
                measurements);
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private List<Receipt> ingest(Submission<CountEvent>... submissions) {
        return receipts(ingestion, List.of(submissions));
    }

    private static List<Receipt> receipts(
            IngestEvents<CountEvent> port, List<Submission<CountEvent>> submissions) {
        return IngestEventsScenarios.ingest(port, submissions);
    }

    private static Submission<CountEvent> identified(String messageId, String key) {
        return new Submission.Identified<>(id(messageId), add(key, 1), Map.of());
    }

    private static MessageId id(String value) {
        return new MessageId(value);
    }
}
