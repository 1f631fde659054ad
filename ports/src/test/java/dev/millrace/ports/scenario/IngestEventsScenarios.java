package dev.millrace.ports.scenario;

import static dev.millrace.ports.counter.Deliveries.add;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.domain.MessageId;
import dev.millrace.domain.Position;
import dev.millrace.ports.contract.Outage;
import dev.millrace.ports.contract.StoredEvent;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.driven.Publication;
import dev.millrace.ports.driving.IngestEvents;
import dev.millrace.ports.driving.Receipt;
import dev.millrace.ports.driving.Submission;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * What a caller of {@link IngestEvents} may rely on, whether it calls the use case or speaks a wire
 * protocol to it. Each test begins with an empty topic of the stream {@code counter}.
 */
public interface IngestEventsScenarios extends Outage {

    /** The port under test; over a wire, a client that implements it. */
    IngestEvents<CountEvent> ingestEvents();

    /** What lies in the topic, in order. */
    List<StoredEvent<CountEvent>> stored();

    /** From now on the event of this message ID meets this fate at the broker. */
    void arrange(MessageId messageId, Publication fate);

    @Test
    default void an_accepted_event_lies_where_its_receipt_says() {
        List<Receipt> receipts = ingest(identified("m1", "a", 5));

        assertThat(stored()).hasSize(1);
        StoredEvent<CountEvent> stored = stored().getFirst();
        assertThat(stored.event().messageId()).isEqualTo(new MessageId("m1"));
        assertThat(stored.event().event()).isEqualTo(add("a", 5));
        assertThat(receipts).containsExactly(accepted("m1", stored.position()));
    }

    @Test
    default void an_event_without_a_message_id_is_given_a_new_one() {
        List<Receipt> receipts = ingest(anonymous("a", 1), anonymous("a", 1));

        assertThat(stored()).hasSize(2);
        StoredEvent<CountEvent> first = stored().getFirst();
        StoredEvent<CountEvent> second = stored().getLast();
        assertThat(first.event().messageId()).isNotEqualTo(second.event().messageId());
        assertThat(receipts)
                .containsExactly(
                        accepted(first.event().messageId().value(), first.position()),
                        accepted(second.event().messageId().value(), second.position()));
    }

    @Test
    default void a_request_of_many_is_stored_in_its_order_with_a_receipt_for_each() {
        List<Submission<CountEvent>> submissions = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            submissions.add(identified("m" + i, "k" + i % 4, i));
        }

        List<Receipt> receipts = ingest(ingestEvents(), submissions);

        assertThat(receipts).hasSize(50);
        assertThat(stored()).hasSize(50);
        for (int i = 0; i < 50; i++) {
            StoredEvent<CountEvent> stored = stored().get(i);
            assertThat(stored.event().event()).isEqualTo(add("k" + i % 4, i));
            assertThat(receipts.get(i)).isEqualTo(accepted("m" + i, stored.position()));
        }
    }

    @Test
    default void the_same_event_sent_twice_is_stored_twice_under_its_message_id() {
        List<Receipt> receipts = new ArrayList<>(ingest(identified("m1", "a", 5)));
        receipts.addAll(ingest(identified("m1", "a", 5)));

        assertThat(stored())
                .extracting(stored -> stored.event().messageId().value())
                .containsExactly("m1", "m1");
        assertThat(receipts)
                .containsExactly(
                        accepted("m1", stored().getFirst().position()),
                        accepted("m1", stored().getLast().position()));
    }

    @Test
    default void an_unreadable_item_holds_up_the_later_ones_of_its_key_only() {
        List<Receipt> receipts =
                ingest(
                        identified("m1", "a", 1),
                        new Submission.Unreadable<>("a"),
                        identified("m2", "a", 2),
                        identified("m3", "b", 3));

        assertThat(receipts.get(0)).isInstanceOf(Receipt.Accepted.class);
        assertThat(receipts.get(1)).isEqualTo(new Receipt.Unreadable());
        assertThat(receipts.get(2)).isEqualTo(new Receipt.Aborted(new MessageId("m2")));
        assertThat(receipts.get(3)).isInstanceOf(Receipt.Accepted.class);
        assertThat(stored())
                .extracting(stored -> stored.event().messageId().value())
                .containsExactly("m1", "m3");
    }

    @Test
    default void an_event_that_the_broker_refuses_holds_up_the_later_ones_of_its_key_only() {
        arrange(new MessageId("m1"), new Publication.TooLarge());

        List<Receipt> receipts =
                ingest(
                        identified("m1", "a", 1),
                        identified("m2", "a", 2),
                        identified("m3", "b", 3));

        assertThat(receipts.get(0)).isEqualTo(new Receipt.TooLarge(new MessageId("m1")));
        assertThat(receipts.get(1)).isEqualTo(new Receipt.Aborted(new MessageId("m2")));
        assertThat(receipts.get(2)).isInstanceOf(Receipt.Accepted.class);
    }

    @Test
    default void an_unknown_event_makes_the_later_ones_of_its_key_unknown() {
        arrange(new MessageId("m1"), new Publication.Unknown("no receipt in time"));

        List<Receipt> receipts =
                ingest(
                        identified("m1", "a", 1),
                        identified("m2", "a", 2),
                        identified("m3", "b", 3));

        assertThat(receipts.get(0)).isEqualTo(new Receipt.Unknown(new MessageId("m1")));
        assertThat(receipts.get(1)).isEqualTo(new Receipt.Unknown(new MessageId("m2")));
        assertThat(receipts.get(2)).isInstanceOf(Receipt.Accepted.class);
    }

    @Test
    default void a_long_request_keeps_its_order_and_what_failed_holds_up_its_key_to_the_end() {
        arrange(new MessageId("m11"), new Publication.TooLarge());
        List<Submission<CountEvent>> submissions = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            submissions.add(
                    i == 600
                            ? new Submission.Unreadable<>("k2")
                            : identified("m" + i, "k" + i % 4, i));
        }

        List<Receipt> receipts = ingest(ingestEvents(), submissions);

        List<Receipt> expected = new ArrayList<>();
        Iterator<StoredEvent<CountEvent>> stored = stored().iterator();
        for (int i = 0; i < 1_000; i++) {
            MessageId id = new MessageId("m" + i);
            boolean behind = (i % 4 == 3 && i > 11) || (i % 4 == 2 && i > 600);
            if (i == 11) {
                expected.add(new Receipt.TooLarge(id));
            } else if (i == 600) {
                expected.add(new Receipt.Unreadable());
            } else if (behind) {
                expected.add(new Receipt.Aborted(id));
            } else {
                expected.add(new Receipt.Accepted(id, stored.next().position()));
            }
        }
        assertThat(receipts).containsExactlyElementsOf(expected);
        assertThat(stored.hasNext()).isFalse();
    }

    @Test
    default void once_the_broker_was_late_the_rest_of_a_long_request_is_not_tried() {
        arrange(new MessageId("m5"), new Publication.Unknown("no receipt in time"));
        List<Submission<CountEvent>> submissions = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            submissions.add(identified("m" + i, "k" + i % 4, i));
        }

        List<Receipt> receipts = ingest(ingestEvents(), submissions);

        assertThat(receipts).hasSize(1_000);
        assertThat(receipts.get(5)).isEqualTo(new Receipt.Unknown(new MessageId("m5")));
        int tried = stored().size();
        assertThat(tried).isLessThan(500);
        assertThat(receipts.subList(500, 1_000))
                .allMatch(receipt ->
                        receipt instanceof Receipt.NotStored || receipt instanceof Receipt.Aborted);
    }

    @Test
    default void
            while_the_broker_is_away_nothing_is_stored_and_the_caller_told_when_to_come_back() {
        makeUnavailable();
        List<Receipt> receipts;
        try {
            receipts = ingest(identified("m1", "a", 1), identified("m2", "b", 2));
        } finally {
            makeAvailable();
        }

        assertThat(receipts)
                .hasSize(2)
                .allSatisfy(receipt ->
                        assertThat(receipt)
                                .isInstanceOfSatisfying(
                                        Receipt.NotStored.class,
                                        notStored ->
                                                assertThat(notStored.retryAfter())
                                                        .isGreaterThan(Duration.ZERO)));
        assertThat(stored()).isEmpty();
        assertThat(ingest(identified("m1", "a", 1)).getFirst())
                .isInstanceOf(Receipt.Accepted.class);
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private List<Receipt> ingest(Submission<CountEvent>... submissions) {
        return ingest(ingestEvents(), List.of(submissions));
    }

    /** Submits a list, and gives its receipts as one. */
    static <E> List<Receipt> ingest(IngestEvents<E> port, List<Submission<E>> submissions) {
        List<Receipt> receipts = new ArrayList<>();
        port.ingest(submissions.iterator(), receipts::add);
        return List.copyOf(receipts);
    }

    private static Submission<CountEvent> identified(String messageId, String key, long by) {
        return new Submission.Identified<>(new MessageId(messageId), add(key, by), Map.of());
    }

    private static Submission<CountEvent> anonymous(String key, long by) {
        return new Submission.Anonymous<>(add(key, by), Map.of());
    }

    private static Receipt accepted(String messageId, Position position) {
        return new Receipt.Accepted(new MessageId(messageId), position);
    }
}
