package dev.millrace.ports.usecase;

import static dev.millrace.ports.counter.Deliveries.undecodable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.domain.Backoff;
import dev.millrace.domain.DeadLetter;
import dev.millrace.domain.InvalidValue;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.OutboxLoad;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Tenant;
import dev.millrace.ports.contract.PlainDeciding;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.driven.DeadLetters;
import dev.millrace.ports.driven.Settlement;
import dev.millrace.ports.fake.InMemoryDatabase;
import dev.millrace.ports.fake.InMemoryDeadLetters;
import dev.millrace.ports.fake.InMemoryInbox;
import dev.millrace.ports.fake.InMemoryOutbox;
import dev.millrace.ports.fake.SettableClock;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

final class DeadLetterRelayingTest {

    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration TERM = Duration.ofSeconds(20);
    private static final Backoff BACKOFF =
            new Backoff(Duration.ofMillis(100), Duration.ofSeconds(5));
    private static final DeadLetterRelaying.Pace PACE =
            new DeadLetterRelaying.Pace(INTERVAL, TERM, BACKOFF, 4);

    private final SubscriptionId subscription =
            new SubscriptionId(
                    new Tenant("millrace"), new Namespace("events"), CounterStream.NAME, "counts");
    private final InMemoryDatabase database = new InMemoryDatabase();
    private final SettableClock clock = new SettableClock(Instant.parse("2026-03-10T00:00:00Z"));
    private final InMemoryOutbox outbox = new InMemoryOutbox(database, subscription, clock);
    private final InMemoryDeadLetters topic = new InMemoryDeadLetters();
    private final DeadLetterRelaying relaying = relaying("one", topic);
    private int copies;

    @Test
    void with_nothing_to_publish_it_waits_for_the_interval_and_takes_no_turn() {
        assertThat(relaying.relay()).isEqualTo(INTERVAL);

        assertThat(outbox.take("two", TERM, 1)).isPresent();
        assertThat(relaying.load()).isEqualTo(OutboxLoad.NONE);
        assertThat(relaying.trouble()).isEmpty();
    }

    @Test
    void everything_is_published_once_and_in_order() {
        quarantine("a", "b", "a", "", "a", "b", "c");

        drain(relaying);

        assertThat(ids(topic.topic())).containsExactlyInAnyOrder(1L, 2L, 3L, 4L, 5L, 6L, 7L);
        assertThat(idsOf("a")).containsExactly(1L, 3L, 5L);
        assertThat(idsOf("b")).containsExactly(2L, 6L);
        assertThat(relaying.load()).isEqualTo(OutboxLoad.NONE);
    }

    @Test
    void the_load_is_told_as_it_was_before() {
        quarantine("a");
        clock.advance(Duration.ofSeconds(7));

        assertThat(relaying.relay()).isEqualTo(Duration.ZERO);

        assertThat(relaying.load()).isEqualTo(new OutboxLoad(1, Duration.ofSeconds(7)));
    }

    @Test
    void a_letter_is_handed_over_only_when_the_earlier_one_of_its_key_is_confirmed() {
        quarantine("a", "b", "a");
        topic.swallowReceipts(Set.of(1L));

        assertThat(relaying.relay()).isBetween(Duration.ofMillis(50), Duration.ofMillis(100));

        assertThat(ids(topic.topic())).containsExactly(1L, 2L);
        assertThat(relaying.trouble())
                .hasValueSatisfying(why -> assertThat(why).contains("1 of 2"));
        assertThat(outbox.load().events()).as("the one with a receipt is gone").isEqualTo(2);
        topic.swallowReceipts(Set.of());
        drain(relaying);
        assertThat(idsOf("a")).as("repeated, and dropped by its ID").containsExactly(1L, 1L, 3L);
        assertThat(idsOf("b")).containsExactly(2L);
        assertThat(relaying.trouble()).isEmpty();
    }

    @Test
    void an_outage_of_either_side_pauses_with_growing_delays_and_loses_nothing() {
        quarantine("a", "a");
        topic.unavailable(true);
        assertThat(relaying.relay()).isBetween(Duration.ofMillis(50), Duration.ofMillis(100));
        assertThat(relaying.relay()).isBetween(Duration.ofMillis(100), Duration.ofMillis(200));
        database.makeUnavailable();
        assertThat(relaying.relay()).isBetween(Duration.ofMillis(200), Duration.ofMillis(400));
        assertThat(relaying.trouble()).isPresent();
        database.makeAvailable();
        topic.unavailable(false);

        drain(relaying);

        assertThat(idsOf("a")).containsExactly(1L, 2L);
    }

    @Test
    void while_another_has_the_turn_it_publishes_nothing() {
        quarantine("a");
        assertThat(outbox.take("two", TERM, 1)).isPresent();

        assertThat(relaying.relay()).isEqualTo(INTERVAL);

        assertThat(topic.topic()).isEmpty();
        assertThat(relaying.load().events()).isEqualTo(1);
    }

    @Test
    void when_the_owner_is_silent_for_a_term_another_goes_on() {
        quarantine("a");
        assertThat(outbox.take("two", TERM, 1)).isPresent();
        clock.advance(TERM);

        drain(relaying);

        assertThat(idsOf("a")).containsExactly(1L);
    }

    @Test
    void a_suspended_owner_repeats_at_most_what_it_had_in_hand_and_then_gives_way() {
        quarantine("a", "a", "a");
        DeadLetterRelaying other = relaying("two", topic);
        DeadLetters suspending =
                letters -> {
                    if (ids(letters).contains(2L)) {
                        // Long enough for another to take over, to publish all, and more to come.
                        clock.advance(TERM);
                        drain(other);
                        quarantine("a");
                        drain(other);
                    }
                    return topic.publish(letters);
                };
        DeadLetterRelaying suspended = relaying("one", suspending);

        assertThat(suspended.relay()).isEqualTo(INTERVAL);

        assertThat(idsOf("a")).containsExactly(1L, 2L, 3L, 4L, 2L);
        assertThat(idsOf("a").stream().distinct()).containsExactly(1L, 2L, 3L, 4L);
        assertThat(outbox.load()).isEqualTo(OutboxLoad.NONE);
    }

    @Test
    void a_bug_is_not_taken_for_an_outage() {
        quarantine("a");
        DeadLetterRelaying broken =
                relaying(
                        "one",
                        letters -> {
                            throw new IllegalStateException("a bug");
                        });

        assertThatThrownBy(broken::relay).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void a_term_is_longer_than_the_interval() {
        assertThatThrownBy(() -> new DeadLetterRelaying.Pace(TERM, TERM, BACKOFF, 4))
                .isInstanceOf(InvalidValue.class);
    }

    private DeadLetterRelaying relaying(String owner, DeadLetters deadLetters) {
        return new DeadLetterRelaying(outbox, deadLetters, owner, PACE, () -> 0.5);
    }

    private static void drain(DeadLetterRelaying relaying) {
        while (relaying.relay().isZero()) {
            assertThat(relaying.trouble()).isEmpty();
        }
    }

    private void quarantine(String... keys) {
        var inbox =
                new InMemoryInbox<>(
                        database, subscription, CounterStream.STREAM, count -> true, clock);
        for (String key : keys) {
            copies++;
            assertThat(
                            inbox.apply(
                                    List.of(undecodable("m" + copies, key, copies)),
                                    PlainDeciding.on(CounterStream.STREAM)))
                    .isInstanceOf(Settlement.Committed.class);
        }
    }

    private List<Long> idsOf(String key) {
        return ids(topic.topic().stream().filter(letter -> letter.key().equals(key)).toList());
    }

    private static List<Long> ids(List<DeadLetter> letters) {
        return new ArrayList<>(letters.stream().map(DeadLetter::quarantineId).toList());
    }
}
