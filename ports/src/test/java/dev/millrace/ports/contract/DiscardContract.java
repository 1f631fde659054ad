package dev.millrace.ports.contract;

import static dev.millrace.ports.counter.Deliveries.add;
import static dev.millrace.ports.counter.Deliveries.at;
import static dev.millrace.ports.counter.Deliveries.broken;
import static dev.millrace.ports.counter.Deliveries.delivery;
import static dev.millrace.ports.counter.Deliveries.undecodable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.domain.AfterQuarantine;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.InvalidValue;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Outcome;
import dev.millrace.domain.ParkedLoad;
import dev.millrace.domain.operations.Disposal;
import dev.millrace.domain.operations.QuarantineFilter;
import dev.millrace.domain.operations.QuarantinedEvent;
import dev.millrace.domain.operations.Signature;
import dev.millrace.ports.MessageOutcome;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.CounterStream;

import org.junit.jupiter.api.Test;

import java.util.List;

/** What must come of an event that is given up. Each test begins with empty tables. */
public interface DiscardContract extends OperationsSteps {

    @Test
    default void a_discarded_head_takes_no_effect_and_its_key_goes_on() {
        quarantineHead(
                COUNTS, List.of(delivery("m1", broken("a"), 1), delivery("m2", add("a", 2), 2)));
        QuarantinedEvent event = only();

        assertThat(quarantine().discard(event.id(), BERT))
                .isEqualTo(new Disposal.Discarded(event, true));

        assertThat(history().outcomes(CounterStream.NAME, new MessageId("m1")))
                .containsExactly(
                        new MessageOutcome("counts", "discarded", at(1), "attempts-exhausted", 1));
        assertThat(release(id -> true)).containsExactly(new Outcome.Applied());
        assertThat(
                        apply(
                                COUNTS,
                                List.of(
                                        delivery("m1", broken("a"), 1),
                                        delivery("m3", add("a", 4), 3))))
                .containsExactly(new Outcome.Redelivered(), new Outcome.Applied());
        assertThat(valuesOf(COUNTS, new Key("a"))).containsExactly(2L, 6L);
        assertThat(parked().load()).isEqualTo(ParkedLoad.NONE);
    }

    @Test
    default void a_key_with_nothing_behind_its_discarded_head_is_free() {
        quarantineHead(COUNTS, List.of(delivery("m1", broken("a"), 1)));
        discard(only());

        assertThat(apply(COUNTS, List.of(delivery("m2", add("a", 2), 2))))
                .containsExactly(new Outcome.Applied());
    }

    @Test
    default void discarding_another_event_does_not_let_a_key_go_on_that_waits() {
        quarantineHead(COUNTS, AfterQuarantine.GOES_ON, List.of(delivery("m1", broken("a"), 1)));
        quarantineHead(
                COUNTS, List.of(delivery("m2", broken("a"), 2), delivery("m3", add("a", 4), 3)));
        QuarantinedEvent first = list(QuarantineFilter.ANY).getFirst();

        assertThat(quarantine().discard(first.id(), BERT))
                .isEqualTo(new Disposal.Discarded(first, false));

        assertThat(parked().due(10)).isEmpty();
        assertThat(parked().load().waitingKeys()).isEqualTo(1);
    }

    @Test
    default void the_position_of_a_discarded_copy_stays_accounted_for() {
        Delivery.Decoded<CountEvent> conflict = delivery("m1", add("a", 2), 2);
        Delivery.Undecodable<CountEvent> unreadable = undecodable("m9", "a", 9);
        given(COUNTS, List.of(delivery("m1", add("a", 1), 1), conflict, unreadable));

        list(QuarantineFilter.ANY).forEach(this::discard);

        assertThat(list(QuarantineFilter.ANY)).isEmpty();
        assertThat(apply(COUNTS, List.of(conflict, unreadable)))
                .containsExactly(new Outcome.Redelivered(), new Outcome.Redelivered());
        assertThat(apply(COUNTS, List.of(delivery("m9", add("a", 5), 9))))
                .as("also when another version reads it")
                .containsExactly(new Outcome.Redelivered());
        assertThat(list(QuarantineFilter.ANY)).isEmpty();
        assertThat(history().outcomes(CounterStream.NAME, new MessageId("m1")))
                .containsExactly(
                        new MessageOutcome("counts", "applied", at(1), "", 1),
                        new MessageOutcome("counts", "discarded", at(2), "conflict", 1));
        assertThat(valuesOf(COUNTS, new Key("a"))).containsExactly(1L);
    }

    @Test
    default void nothing_is_given_up_without_a_reason() {
        quarantineHead(COUNTS, List.of(delivery("m1", broken("a"), 1)));

        assertThatThrownBy(() -> quarantine().discard(only().id(), new Signature("anna", " ")))
                .isInstanceOf(InvalidValue.class);

        assertThat(list(QuarantineFilter.ANY)).hasSize(1);
        assertThat(auditLog().read(0, 10)).isEmpty();
    }
}
