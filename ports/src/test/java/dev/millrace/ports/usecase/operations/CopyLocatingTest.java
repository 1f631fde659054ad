package dev.millrace.ports.usecase.operations;

import static dev.millrace.ports.counter.Deliveries.PUBLISHED_AT;
import static dev.millrace.ports.counter.Deliveries.undecodable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.domain.Copy;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.Position;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.TopicCopy;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.fake.InMemoryTopicLog;
import dev.millrace.ports.operations.driven.Playback;

import org.junit.jupiter.api.Test;

import java.util.List;

/** Which copy lies where. */
final class CopyLocatingTest {

    private final InMemoryTopicLog topic = new InMemoryTopicLog();
    private final Playback<CountEvent> playback =
            (span, _) ->
                    new Playback.Stretch<>(
                            span.next().entry() == 1 ? List.of(copy(span.next())) : List.of(),
                            span.done());
    private final CopyLocating<CountEvent> locating =
            new CopyLocating<>(
                    new SubscriptionId(
                            new Tenant("millrace"),
                            new Namespace("events"),
                            CounterStream.NAME,
                            "counts"),
                    topic,
                    playback);

    @Test
    void a_copy_is_found_where_it_lies() {
        Position before = topic.add(1, "m1", PUBLISHED_AT);
        Position place = topic.add(1, "m2", PUBLISHED_AT);
        assertThat(locating.locate(before)).isEmpty();

        assertThat(locating.locate(place)).contains(new TopicCopy(place, "m2", PUBLISHED_AT));
    }

    @Test
    void nothing_is_found_where_the_topic_has_nothing() {
        Position place = topic.add(1, "m1", PUBLISHED_AT);

        assertThat(locating.locate(new Position(place.ledger(), 4711, 1, 0))).isEmpty();
        assertThat(locating.locate(new Position(place.ledger(), 0, 0, 0))).isEmpty();
    }

    @Test
    void an_outage_is_told() {
        Position place = topic.add(1, "m1", PUBLISHED_AT);
        topic.makeUnavailable();

        assertThatThrownBy(() -> locating.locate(place)).isInstanceOf(Unavailable.class);
    }

    private static Delivery<CountEvent> copy(Position position) {
        Delivery.Undecodable<CountEvent> raw = undecodable("m2", "a", 1);
        return new Delivery.Undecodable<>(
                raw.messageId(),
                raw.key(),
                raw.cause(),
                new Copy(
                        position, PUBLISHED_AT, raw.copy().payload(), "", raw.copy().properties()));
    }
}
