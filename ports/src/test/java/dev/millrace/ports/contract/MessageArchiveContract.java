package dev.millrace.ports.contract;

import static dev.millrace.ports.counter.Deliveries.PUBLISHED_AT;
import static dev.millrace.ports.counter.Deliveries.TRACE_ID;
import static dev.millrace.ports.counter.Deliveries.add;
import static dev.millrace.ports.counter.Deliveries.at;
import static dev.millrace.ports.counter.Deliveries.broken;
import static dev.millrace.ports.counter.Deliveries.delivery;
import static dev.millrace.ports.counter.Deliveries.undecodable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.domain.Content;
import dev.millrace.domain.Fate;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Outcome;
import dev.millrace.domain.Payload;
import dev.millrace.domain.Reason;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.operations.AuditEntry;
import dev.millrace.domain.operations.Happening;
import dev.millrace.domain.operations.MessageEvidence;
import dev.millrace.domain.operations.MessageEvidence.Effect;
import dev.millrace.domain.operations.MessageLife;
import dev.millrace.domain.operations.Moment;
import dev.millrace.domain.operations.QuarantineFilter;
import dev.millrace.domain.operations.QuarantinedEvent;
import dev.millrace.domain.operations.Revision;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.operations.driven.MessageArchive;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What every {@link MessageArchive} must know. Each test begins with empty tables. */
public interface MessageArchiveContract extends OperationsSteps {

    @Test
    default void of_an_event_that_nobody_has_seen_nothing_is_known() {
        given(COUNTS, List.of(delivery("m1", add("a", 1), 1)));
        given(FOREIGN, List.of(delivery("m2", add("a", 1), 2)));

        assertThat(find("m2")).isEmpty();
        assertThat(archive().find(new StreamName("another"), new MessageId("m1"))).isEmpty();
    }

    @Test
    default void an_applied_event_is_known_with_its_copies_and_its_effect() {
        given(COUNTS, List.of(delivery("m1", add("a", 5), 1)));
        given(COUNTS, List.of(delivery("m1", add("a", 5), 2)));

        MessageEvidence evidence = only("m1");

        assertThat(evidence.subscription()).hasToString("counter/counts");
        assertThat(evidence.records())
                .singleElement()
                .satisfies(record -> {
                    assertThat(record.state()).isEqualTo("applied");
                    assertThat(record.key()).isEqualTo("a");
                    assertThat(record.position()).isEqualTo(at(1));
                    assertThat(record.copies()).isEqualTo(2);
                    assertThat(record.publishedAt()).isEqualTo(PUBLISHED_AT);
                    assertThat(record.digest())
                            .isEqualTo(CounterStream.STREAM.digest(add("a", 5)).hex());
                });
        assertThat(evidence.repeats())
                .singleElement()
                .satisfies(repeat -> {
                    assertThat(repeat.position()).isEqualTo(at(2));
                    assertThat(repeat.at())
                            .isAfterOrEqualTo(evidence.records().getFirst().recordedAt());
                });
        assertThat(evidence.effect())
                .isInstanceOfSatisfying(
                        Effect.Present.class,
                        effect -> assertThat(effect.known().words()).isEqualTo("now 5"));
    }

    @Test
    default void each_subscription_knows_its_own_and_effects_are_told_where_they_can_be_asked() {
        given(COUNTS, List.of(delivery("m1", add("a", 1_001), 1)));
        given(OTHERS, List.of(delivery("m1", add("a", 5), 1)));

        List<MessageEvidence> all = find("m1");

        assertThat(all)
                .extracting(evidence -> evidence.subscription().subscription())
                .containsExactly("counts", "others");
        assertThat(all.getFirst().records().getFirst().state()).isEqualTo("rejected");
        assertThat(all.getFirst().records().getFirst().reason()).isEqualTo("limit-passed");
        assertThat(all).extracting(MessageEvidence::effect).containsOnly(new Effect.Unasked());
    }

    @Test
    default void a_parked_event_is_known_with_its_tries_and_when_it_is_due() {
        givenParked(
                COUNTS,
                Duration.ofHours(1),
                List.of(delivery("m1", broken("a"), 1), delivery("m2", add("a", 2), 2)));

        MessageEvidence head = only("m1");
        MessageEvidence follower = only("m2");

        assertThat(head.attempts())
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.traceId()).isEqualTo(TRACE_ID));
        assertThat(head.waiting())
                .singleElement()
                .satisfies(place -> {
                    assertThat(place.position()).isEqualTo(at(1));
                    assertThat(place.attempts()).isOne();
                    assertThat(place.traceId()).isEqualTo(TRACE_ID);
                    assertThat(Duration.between(place.parkedAt(), place.dueAt()))
                            .isBetween(Duration.ofMinutes(59), Duration.ofMinutes(61));
                });
        assertThat(follower.attempts()).isEmpty();
        assertThat(follower.waiting())
                .singleElement()
                .satisfies(place -> assertThat(place.dueAt()).isEqualTo(Instant.MAX));
    }

    @Test
    default void a_conflict_and_an_undecodable_copy_are_known_by_their_message_id() {
        given(
                COUNTS,
                List.of(
                        delivery("m1", add("a", 1), 1),
                        delivery("m1", add("a", 2), 2),
                        undecodable("m9", "a", 3)));

        assertThat(only("m1").stays())
                .singleElement()
                .satisfies(stay -> {
                    assertThat(stay.reason()).isEqualTo(Reason.CONFLICT);
                    assertThat(stay.position()).isEqualTo(at(2));
                    assertThat(stay.unpublished()).isTrue();
                    assertThat(stay.traceId()).isEqualTo(TRACE_ID);
                });
        MessageEvidence raw = only("m9");
        assertThat(raw.records()).isEmpty();
        assertThat(raw.stays())
                .singleElement()
                .satisfies(stay -> assertThat(stay.traceId()).isEmpty());
        list(QuarantineFilter.ANY).forEach(this::discard);
        assertThat(only("m9").givenUp())
                .singleElement()
                .satisfies(copy -> {
                    assertThat(copy.position()).isEqualTo(at(3));
                    assertThat(copy.reason()).isEqualTo(Reason.UNDECODABLE);
                });
        assertThat(only("m9").acts()).extracting(AuditEntry::act).containsExactly("discard");
        assertThat(only("m1").givenUp()).hasSize(1);
    }

    @Test
    default void the_life_of_an_event_that_a_person_mends_is_told_from_end_to_end() {
        quarantineHead(
                COUNTS, List.of(delivery("m1", broken("a"), 1), delivery("m2", add("a", 2), 2)));
        QuarantinedEvent event = only();
        assertThat(words("m1"))
                .containsExactly("published", "recorded", "failed", "failed", "quarantined");
        Content mended =
                new Content(
                        "4",
                        Payload.copyOf(add("a", 5).toString().getBytes(StandardCharsets.UTF_8)));
        assertThat(quarantine().edit(event.id(), 0, mended, ANNA))
                .isInstanceOf(Revision.Edited.class);
        retry(event);
        assertThat(words("m1")).endsWith("quarantined", "edit", "retry", "parked");
        assertThat(release(id -> false)).containsOnly(new Outcome.Applied());

        MessageLife life = life("m1");

        assertThat(words("m1"))
                .containsExactly(
                        "published",
                        "recorded",
                        "failed",
                        "failed",
                        "quarantined",
                        "edit",
                        "retry",
                        "applied");
        assertThat(life.state()).isEqualTo("applied");
        assertThat(life.key()).isEqualTo("a");
        assertThat(life.copies()).isOne();
        assertThat(life.traceId()).isEqualTo(TRACE_ID);
        assertThat(life.moments()).allMatch(Moment::isDated);
        assertThat(life.moments().getLast().happening()).isEqualTo(new Happening.Applied("now 5"));
        assertThat(life.moments().get(4).happening())
                .isEqualTo(
                        new Happening.Quarantined(
                                event.id(), at(1), Reason.ATTEMPTS_EXHAUSTED, "", false));
        assertThat(words("m2")).last().isEqualTo("applied");
    }

    @Test
    default void an_event_that_comes_back_to_quarantine_has_two_stays() {
        quarantineHead(COUNTS, List.of(delivery("m1", broken("a"), 1)));
        retry(only());
        assertThat(release(new Fate.Quarantine(Reason.ATTEMPTS_EXHAUSTED))).hasSize(1);

        assertThat(words("m1"))
                .containsExactly(
                        "published",
                        "recorded",
                        "failed",
                        "failed",
                        "quarantined",
                        "retry",
                        "failed",
                        "quarantined");
        assertThat(life("m1").state()).isEqualTo("quarantined");
        assertThat(life("m1").reason()).isEqualTo("attempts-exhausted");
    }

    @Test
    default void an_outage_is_not_taken_for_ignorance() {
        given(COUNTS, List.of(delivery("m1", add("a", 1), 1)));
        makeUnavailable();
        try {
            assertThatThrownBy(() -> find("m1")).isInstanceOf(Unavailable.class);
        } finally {
            makeAvailable();
        }
        assertThat(find("m1")).hasSize(1);
    }

    private List<MessageEvidence> find(String messageId) {
        return archive().find(CounterStream.NAME, new MessageId(messageId));
    }

    private MessageEvidence only(String messageId) {
        List<MessageEvidence> found = find(messageId);
        assertThat(found).hasSize(1);
        return found.getFirst();
    }

    private MessageLife life(String messageId) {
        return MessageLife.of(only(messageId));
    }

    private List<String> words(String messageId) {
        return life(messageId).moments().stream().map(moment -> moment.happening().word()).toList();
    }
}
