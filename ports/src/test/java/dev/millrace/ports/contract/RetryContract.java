package dev.millrace.ports.contract;

import static dev.millrace.ports.counter.Deliveries.add;
import static dev.millrace.ports.counter.Deliveries.broken;
import static dev.millrace.ports.counter.Deliveries.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.domain.AfterQuarantine;
import dev.millrace.domain.FailedAttempt;
import dev.millrace.domain.Fate;
import dev.millrace.domain.Key;
import dev.millrace.domain.Outcome;
import dev.millrace.domain.ParkedEvent;
import dev.millrace.domain.Reason;
import dev.millrace.domain.operations.Absent;
import dev.millrace.domain.operations.Inspection;
import dev.millrace.domain.operations.QuarantineFilter;
import dev.millrace.domain.operations.QuarantinedEvent;
import dev.millrace.domain.operations.Retrial;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

/**
 * What must come of an event that is retried, and of its key. Each test begins with empty tables.
 */
public interface RetryContract extends OperationsSteps {

    @Test
    default void a_retried_event_takes_effect_in_its_place_and_its_key_goes_on() {
        quarantineHead(
                COUNTS, List.of(delivery("m1", broken("a"), 1), delivery("m2", add("a", 2), 2)));
        given(COUNTS, List.of(delivery("m3", add("a", 4), 3)));
        QuarantinedEvent event = only();

        assertThat(quarantine().retry(event.id(), ANNA)).isEqualTo(new Retrial.Parked(event));

        assertThat(list(QuarantineFilter.ANY)).isEmpty();
        assertThat(state("m1")).isEqualTo("parked");
        assertThat(parked().load().waitingKeys()).isZero();
        assertThat(queue())
                .extracting(waiting -> waiting.messageId().value())
                .containsExactly("m1", "m2", "m3");
        assertThat(queue().getFirst().attempts()).as("it has all its tries again").isZero();
        given(COUNTS, List.of(delivery("m4", add("a", 8), 4)));
        assertThat(release(id -> true)).hasSize(4).containsOnly(new Outcome.Applied());
        assertThat(valuesOf(COUNTS, new Key("a"))).containsExactly(1L, 3L, 7L, 15L);
        assertThat(state("m1")).isEqualTo("applied");
        assertThat(
                        apply(
                                COUNTS,
                                List.of(
                                        delivery("m1", broken("a"), 1),
                                        delivery("m5", add("a", 1), 5))))
                .containsExactly(new Outcome.Redelivered(), new Outcome.Applied());
        assertThat(quarantine().show(event.id()))
                .isInstanceOfSatisfying(
                        Absent.Settled.class,
                        settled -> assertThat(settled.act().signature()).isEqualTo(ANNA));
    }

    @Test
    default void a_retried_event_that_fails_again_waits_anew_and_its_tries_are_counted_on() {
        quarantineHead(
                COUNTS, List.of(delivery("m1", broken("a"), 1), delivery("m2", add("a", 2), 2)));
        long firstId = only().id();
        retry(only());

        assertThat(release(new Fate.Retry(Duration.ZERO)))
                .containsExactly(new Outcome.Parked(), new Outcome.Parked());

        assertThat(queue()).extracting(ParkedEvent::attempts).containsExactly(1, 0);
        assertThat(release(EXHAUSTED))
                .startsWith(new Outcome.Quarantined(Reason.ATTEMPTS_EXHAUSTED));
        assertThat(only().id()).isGreaterThan(firstId);
        assertThat(only().attempts()).isEqualTo(4);
        assertThat(quarantine().show(only().id()))
                .isInstanceOfSatisfying(
                        Inspection.Found.class,
                        found ->
                                assertThat(found.dossier().attempts())
                                        .extracting(FailedAttempt::number)
                                        .containsExactly(1, 2, 3, 4));
        assertThat(quarantine().retry(firstId, BERT)).isInstanceOf(Absent.Settled.class);
        assertThat(parked().load().waitingKeys()).isEqualTo(1);
        assertThat(parked().due(10)).isEmpty();
    }

    /** So it is when the policy of a stream has changed from the one to the other. */
    @Test
    default void a_key_waits_as_long_as_any_event_holds_it() {
        quarantineHead(COUNTS, AfterQuarantine.GOES_ON, List.of(delivery("m1", broken("a"), 1)));
        quarantineHead(
                COUNTS, List.of(delivery("m2", broken("a"), 2), delivery("m3", add("a", 4), 3)));
        List<QuarantinedEvent> both = list(QuarantineFilter.ANY);
        assertThat(both).hasSize(2);

        retry(both.getFirst());

        assertThat(queue())
                .as("by itself, as what is behind waits for the other")
                .extracting(waiting -> waiting.messageId().value())
                .containsExactly("m1");
        assertThat(release(id -> true)).containsExactly(new Outcome.Applied());
        assertThat(parked().due(10)).isEmpty();
        assertThat(apply(COUNTS, List.of(delivery("m4", add("a", 8), 4))))
                .containsExactly(new Outcome.Parked());
        retry(both.getLast());
        assertThat(release(id -> true)).hasSize(3).containsOnly(new Outcome.Applied());
        assertThat(valuesOf(COUNTS, new Key("a"))).containsExactly(1L, 2L, 6L, 14L);
    }

    @Test
    default void an_event_that_comes_back_is_tried_before_the_head_that_waits_already() {
        quarantineHead(COUNTS, AfterQuarantine.GOES_ON, List.of(delivery("m1", broken("a"), 1)));
        given(COUNTS, List.of(delivery("m2", broken("a"), 2), delivery("m3", add("a", 4), 3)));
        retry(only());

        assertThat(parked().due(10))
                .extracting(waiting -> waiting.messageId().value())
                .as("one head at a time")
                .containsExactly("m1");
        assertThat(release(id -> true)).hasSize(3).containsOnly(new Outcome.Applied());
        assertThat(valuesOf(COUNTS, new Key("a"))).containsExactly(1L, 2L, 6L);
    }
}
