package dev.millrace.ports.contract;

import static dev.millrace.ports.counter.Deliveries.add;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Position;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.driven.EventPublisher;
import dev.millrace.ports.driven.OutgoingEvent;
import dev.millrace.ports.driven.Publication;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What every {@link EventPublisher} must do. Each test begins with an empty topic of the stream
 * {@code counter}.
 */
public interface EventPublisherContract extends Outage {

    /** The publisher under test. */
    EventPublisher<CountEvent> publisher();

    /**
     * What lies in the topic, events of one key in the order of the broker. Waits a few seconds at
     * most until there are so many.
     */
    List<StoredEvent<CountEvent>> stored(int atLeast);

    @Test
    default void an_event_is_stored_whole_at_the_position_that_is_answered() {
        OutgoingEvent<CountEvent> event =
                new OutgoingEvent<>(
                        new MessageId("m1:~.@+=-"),
                        new Key("a"),
                        add("a", -5),
                        Map.of("ce-source", "a \"source\" é"));

        List<Publication> publications = publisher().publish(List.of(event));

        assertThat(stored(1))
                .containsExactly(new StoredEvent<>(positionOf(publications.getFirst()), event));
    }

    @Test
    default void no_event_gives_no_publication() {
        assertThat(publisher().publish(List.of())).isEmpty();
    }

    @Test
    default void each_event_has_its_own_publication_in_its_own_place() {
        List<OutgoingEvent<CountEvent>> events = events("m", 100, 7);

        List<Publication> publications = publisher().publish(events);

        assertThat(publications).hasSize(100);
        Set<StoredEvent<CountEvent>> expected = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            expected.add(new StoredEvent<>(positionOf(publications.get(i)), events.get(i)));
        }
        assertThat(expected).extracting(StoredEvent::position).doesNotHaveDuplicates();
        assertThat(stored(100)).containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    default void events_of_one_key_are_stored_in_order_within_and_across_calls() {
        List<OutgoingEvent<CountEvent>> events = events("m", 300, 5);
        publish(events.subList(0, 120));
        publish(events.subList(120, 121));
        publish(events.subList(121, 300));

        assertOrderPerKey(events);
    }

    @Test
    default void the_same_event_published_twice_lies_in_two_places() {
        List<OutgoingEvent<CountEvent>> twice = List.of(event("m1", "a", 1), event("m1", "a", 1));

        List<Publication> publications = publisher().publish(twice);

        assertThat(positionOf(publications.getFirst()))
                .isNotEqualTo(positionOf(publications.getLast()));
        assertThat(stored(2)).hasSize(2);
    }

    @Test
    default void the_largest_names_are_stored() {
        OutgoingEvent<CountEvent> event = event("m".repeat(200), "~".repeat(200), Long.MAX_VALUE);

        publish(List.of(event));

        assertThat(stored(1)).extracting(StoredEvent::event).containsExactly(event);
    }

    @Test
    default void neither_the_events_nor_their_publications_can_be_changed_afterwards() {
        List<OutgoingEvent<CountEvent>> events = new ArrayList<>(events("m", 3, 3));
        List<OutgoingEvent<CountEvent>> unchanged = List.copyOf(events);

        List<Publication> publications = publisher().publish(events);
        events.clear();

        assertThatThrownBy(publications::clear).isInstanceOf(UnsupportedOperationException.class);
        assertThat(stored(3))
                .extracting(StoredEvent::event)
                .containsExactlyInAnyOrderElementsOf(unchanged);
    }

    @Test
    default void callers_side_by_side_each_have_their_events_stored_once_and_in_order()
            throws Exception {
        List<OutgoingEvent<CountEvent>> all = new ArrayList<>();
        List<Callable<List<Publication>>> callers = new ArrayList<>();
        for (String caller : List.of("p", "q", "r", "s")) {
            List<OutgoingEvent<CountEvent>> events = events(caller, 60, 3);
            all.addAll(events);
            callers.add(() -> {
                List<Publication> publications = new ArrayList<>();
                for (int from = 0; from < events.size(); from += 12) {
                    publications.addAll(publisher().publish(events.subList(from, from + 12)));
                }
                return publications;
            });
        }
        Set<Position> positions = new HashSet<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(callers.size())) {
            for (Future<List<Publication>> publications : threads.invokeAll(callers)) {
                publications.get().forEach(publication -> positions.add(positionOf(publication)));
            }
        }
        assertThat(positions).hasSize(240);
        assertOrderPerKey(all);
    }

    @Test
    default void an_outage_is_an_answer_and_nothing_overtakes_what_was_refused() {
        publish(List.of(event("m0", "a", 1)));
        makeUnavailable();
        try {
            List<OutgoingEvent<CountEvent>> events = events("m", 9, 3);
            List<Publication> publications = publisher().publish(events);

            assertThat(publications).hasSize(9).noneMatch(Publication.Stored.class::isInstance);
            Set<Key> refused = new HashSet<>();
            for (int i = 0; i < 9; i++) {
                Key key = events.get(i).key();
                if (refused.contains(key)) {
                    assertThat(publications.get(i)).isEqualTo(new Publication.Aborted());
                } else if (!(publications.get(i) instanceof Publication.Unknown)) {
                    assertThat(publications.get(i)).isInstanceOf(Publication.NotStored.class);
                    refused.add(key);
                }
            }
        } finally {
            makeAvailable();
        }
        assertThat(stored(1))
                .extracting(stored -> stored.event().messageId())
                .contains(new MessageId("m0"));
    }

    /** Publishes what is to be stored. */
    private void publish(List<OutgoingEvent<CountEvent>> events) {
        assertThat(publisher().publish(events)).allMatch(Publication.Stored.class::isInstance);
    }

    private void assertOrderPerKey(List<OutgoingEvent<CountEvent>> events) {
        List<StoredEvent<CountEvent>> stored = stored(events.size());
        assertThat(stored).hasSameSizeAs(events);
        for (Key key : events.stream().map(OutgoingEvent::key).distinct().toList()) {
            assertThat(
                            stored.stream()
                                    .map(StoredEvent::event)
                                    .filter(event -> event.key().equals(key)))
                    .as("events of %s", key)
                    .containsExactlyElementsOf(
                            events.stream().filter(event -> event.key().equals(key)).toList());
        }
    }

    private static Position positionOf(Publication publication) {
        return switch (publication) {
            case Publication.Stored(Position position) -> position;
            case Publication.NotStored notStored -> throw new AssertionError(notStored);
            case Publication.TooLarge tooLarge -> throw new AssertionError(tooLarge);
            case Publication.Unknown unknown -> throw new AssertionError(unknown);
            case Publication.Aborted aborted -> throw new AssertionError(aborted);
        };
    }

    private static List<OutgoingEvent<CountEvent>> events(String prefix, int count, int keys) {
        List<OutgoingEvent<CountEvent>> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(event(prefix + i, prefix + "-key" + i % keys, i));
        }
        return events;
    }

    private static OutgoingEvent<CountEvent> event(String messageId, String key, long by) {
        return new OutgoingEvent<>(new MessageId(messageId), new Key(key), add(key, by), Map.of());
    }
}
