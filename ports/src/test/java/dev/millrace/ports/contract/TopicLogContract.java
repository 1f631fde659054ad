package dev.millrace.ports.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.domain.Acknowledged;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Period;
import dev.millrace.domain.Position;
import dev.millrace.domain.RecordedCopy;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.TopicCopy;
import dev.millrace.domain.operations.ReplayBoundary;
import dev.millrace.domain.operations.ReplayScope;
import dev.millrace.domain.operations.ReplaySpan;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.driven.TopicLog;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What every {@link TopicLog} must do. Each test begins with an empty topic of two partitions. */
public interface TopicLogContract extends Outage {

    /** The log under test. */
    TopicLog log();

    /** A subscription of the topic. */
    SubscriptionId subscription();

    /**
     * Publishes copies later than all before, and waits until they are stored.
     *
     * @return where they lie, in this order
     */
    List<Position> publish(List<String> messageIds);

    /** Acknowledges one copy, and waits until the broker knows. */
    void acknowledge(Position position);

    @Test
    default void an_empty_topic_gives_nothing() {
        assertThat(read(Period.ALL, 10)).isEmpty();
        assertThat(log().partitions(subscription())).isEqualTo(2);
    }

    @Test
    default void every_copy_is_read_once_in_the_order_of_its_partition_by_bounded_chunks() {
        List<String> messageIds = IntStream.range(0, 25).mapToObj(i -> "m" + i).toList();
        List<Position> positions = publish(messageIds);

        List<List<TopicCopy>> chunks = new ArrayList<>();
        log().read(subscription(), Period.ALL, 10, chunks::add);

        assertThat(chunks).hasSize(3).allSatisfy(chunk -> assertThat(chunk).hasSizeBetween(1, 10));
        List<TopicCopy> copies = chunks.stream().flatMap(List::stream).toList();
        Map<Position, String> found =
                copies.stream()
                        .collect(Collectors.toMap(TopicCopy::position, TopicCopy::messageId));
        assertThat(found).hasSize(25);
        for (int i = 0; i < 25; i++) {
            assertThat(found).containsEntry(positions.get(i), messageIds.get(i));
        }
        for (int partition = 0; partition < 2; partition++) {
            int current = partition;
            assertThat(copies.stream().map(TopicCopy::position))
                    .filteredOn(position -> position.partition() == current)
                    .isNotEmpty()
                    .isSortedAccordingTo(TopicLogContract::inOrder);
        }
    }

    @Test
    default void a_period_has_the_copies_from_its_beginning_to_before_its_end() {
        var _ = publish(List.of("a", "b"));
        List<Position> second = publish(List.of("c", "d"));
        List<Position> third = publish(List.of("e", "f"));
        Map<Position, Instant> times =
                read(Period.ALL, 10).stream()
                        .collect(Collectors.toMap(TopicCopy::position, TopicCopy::publishedAt));
        Instant begin = earliest(second, times);
        Instant end = earliest(third, times);

        assertThat(read(new Period(begin, end), 10))
                .extracting(TopicCopy::messageId)
                .containsExactlyInAnyOrder("c", "d");
        assertThat(read(new Period(begin, Instant.MAX), 10))
                .extracting(TopicCopy::messageId)
                .containsExactlyInAnyOrder("c", "d", "e", "f");
        assertThat(read(new Period(Instant.EPOCH, begin), 10))
                .extracting(TopicCopy::messageId)
                .containsExactlyInAnyOrder("a", "b");
        assertThat(read(new Period(end.plusSeconds(60), Instant.MAX), 10)).isEmpty();
    }

    @Test
    default void the_spans_of_a_topic_are_what_it_holds_now() {
        assertThat(log().spans(subscription(), ReplayScope.ALL)).isEmpty();
        List<Position> held = publish(IntStream.range(0, 9).mapToObj(i -> "m" + i).toList());

        List<ReplaySpan> spans = log().spans(subscription(), ReplayScope.ALL);
        List<Position> later = publish(List.of("l0", "l1", "l2", "l3"));

        assertThat(held).allMatch(position -> holds(spans, position));
        assertThat(later).noneMatch(position -> holds(spans, position));
        assertThat(log().spans(subscription(), ReplayScope.ALL)).noneMatch(ReplaySpan::isDone);
    }

    @Test
    default void a_scope_is_bounded_by_times_or_by_places_of_one_partition() {
        List<Position> first = publish(List.of("a", "b"));
        List<Position> second = publish(List.of("c", "d"));
        List<Position> third = publish(List.of("e", "f"));
        Map<Position, Instant> times =
                read(Period.ALL, 10).stream()
                        .collect(Collectors.toMap(TopicCopy::position, TopicCopy::publishedAt));
        ReplayBoundary begin = new ReplayBoundary.Time(earliest(second, times));
        ReplayBoundary end = new ReplayBoundary.Time(earliest(third, times));

        List<ReplaySpan> timed = log().spans(subscription(), new ReplayScope(begin, end));
        assertThat(second).allMatch(position -> holds(timed, position));
        assertThat(first).noneMatch(position -> holds(timed, position));
        assertThat(third).noneMatch(position -> holds(timed, position));

        Position place = second.getFirst();
        List<ReplaySpan> placed =
                log().spans(
                                subscription(),
                                new ReplayScope(
                                        new ReplayBoundary.Place(place),
                                        new ReplayBoundary.Open()));
        assertThat(placed).singleElement().extracting(ReplaySpan::next).isEqualTo(place);
        assertThat(
                        log().spans(
                                        subscription(),
                                        new ReplayScope(
                                                new ReplayBoundary.Time(
                                                        Instant.parse("2999-01-01T00:00:00Z")),
                                                new ReplayBoundary.Open())))
                .isEmpty();
    }

    private static boolean holds(List<ReplaySpan> spans, Position position) {
        return spans.stream()
                .anyMatch(span ->
                        span.partition() == position.partition() && span.contains(position));
    }

    @Test
    default void what_a_chunk_is_given_to_ends_the_reading_by_what_it_throws() {
        var _ = publish(List.of("a", "b", "c"));
        List<TopicCopy> taken = new ArrayList<>();

        assertThatThrownBy(() ->
                        log().read(
                                        subscription(),
                                        Period.ALL,
                                        1,
                                        chunk -> {
                                            taken.addAll(chunk);
                                            throw new IllegalStateException("enough");
                                        }))
                .hasMessage("enough");
        assertThat(taken).hasSize(1);
    }

    @Test
    default void what_is_acknowledged_is_known_hole_by_hole_and_reading_changes_nothing() {
        List<Position> positions = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            positions.addAll(publish(List.of("m" + i)));
        }
        assertThat(read(Period.ALL, 2)).hasSize(6);
        assertThat(positions).noneMatch(log().acknowledged(subscription())::contains);

        acknowledge(positions.get(0));
        acknowledge(positions.get(2));
        acknowledge(positions.get(3));
        assertThat(read(Period.ALL, 2)).hasSize(6);

        Acknowledged acknowledged = log().acknowledged(subscription());
        assertThat(positions)
                .filteredOn(acknowledged::contains)
                .containsExactly(positions.get(0), positions.get(2), positions.get(3));
    }

    @Test
    default void a_record_is_unfounded_when_the_topic_holds_no_such_copy() {
        List<Position> positions = publish(List.of("a", "b", "c"));
        Position last = positions.getLast();
        RecordedCopy wrongId = record("b", positions.getFirst());
        RecordedCopy wrongIndex =
                record("a", new Position(last.ledger(), last.entry(), last.partition(), 900));
        RecordedCopy notYetThere =
                record("c", new Position(last.ledger(), last.entry() + 9, last.partition(), 0));
        RecordedCopy laterLedger =
                record("c", new Position(last.ledger() + 9_000, 0, last.partition(), 0));
        RecordedCopy noSuchPartition = record("c", new Position(last.ledger(), 0, 2, 0));
        RecordedCopy noLongerThere = record("c", new Position(0, 0, last.partition(), 0));

        assertThat(
                        log().unfounded(
                                        subscription(),
                                        List.of(
                                                record("a", positions.get(0)),
                                                wrongId,
                                                record("b", positions.get(1)),
                                                wrongIndex,
                                                notYetThere,
                                                laterLedger,
                                                noSuchPartition,
                                                noLongerThere,
                                                record("c", positions.get(2)))))
                .containsExactly(wrongId, wrongIndex, notYetThere, laterLedger, noSuchPartition);
        assertThat(log().unfounded(subscription(), List.of())).isEmpty();
    }

    @Test
    default void an_outage_is_told() {
        List<Position> positions = publish(List.of("a"));
        makeUnavailable();
        try {
            assertThatThrownBy(() -> read(Period.ALL, 10)).isInstanceOf(Unavailable.class);
            assertThatThrownBy(() -> log().acknowledged(subscription()))
                    .isInstanceOf(Unavailable.class);
            assertThatThrownBy(() ->
                            log().unfounded(
                                            subscription(),
                                            List.of(record("a", positions.getFirst()))))
                    .isInstanceOf(Unavailable.class);
        } finally {
            makeAvailable();
        }
        assertThat(read(Period.ALL, 10)).hasSize(1);
    }

    private List<TopicCopy> read(Period period, int limit) {
        List<TopicCopy> copies = new ArrayList<>();
        log().read(subscription(), period, limit, copies::addAll);
        return copies;
    }

    private static int inOrder(Position one, Position other) {
        int entries = Acknowledged.Entry.of(one).compareTo(Acknowledged.Entry.of(other));
        return entries == 0 ? Integer.compare(one.batchIndex(), other.batchIndex()) : entries;
    }

    private static Instant earliest(List<Position> positions, Map<Position, Instant> times) {
        return positions.stream().map(times::get).min(Instant::compareTo).orElseThrow();
    }

    private static RecordedCopy record(String messageId, Position position) {
        return new RecordedCopy(new MessageId(messageId), position, Instant.EPOCH, Instant.EPOCH);
    }
}
