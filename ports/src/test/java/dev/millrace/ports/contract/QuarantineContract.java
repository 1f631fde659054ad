package dev.millrace.ports.contract;

import static dev.millrace.ports.counter.Deliveries.TRACE_ID;
import static dev.millrace.ports.counter.Deliveries.add;
import static dev.millrace.ports.counter.Deliveries.at;
import static dev.millrace.ports.counter.Deliveries.broken;
import static dev.millrace.ports.counter.Deliveries.delivery;
import static dev.millrace.ports.counter.Deliveries.undecodable;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.domain.Delivery;
import dev.millrace.domain.FailedAttempt;
import dev.millrace.domain.Key;
import dev.millrace.domain.Reason;
import dev.millrace.domain.operations.Dossier;
import dev.millrace.domain.operations.Inspection;
import dev.millrace.domain.operations.QuarantineCause;
import dev.millrace.domain.operations.QuarantineFilter;
import dev.millrace.domain.operations.QuarantinedEvent;
import dev.millrace.domain.operations.Retrial;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.operations.driven.Quarantine;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * What every {@link Quarantine} must say of what lies in it. Each test begins with empty tables.
 */
public interface QuarantineContract extends OperationsSteps {

    @Test
    default void an_event_that_needs_a_person_is_listed_and_shown_with_all_there_is() {
        Instant before = Instant.now().minusSeconds(60);
        Delivery.Decoded<CountEvent> head = delivery("m1", broken("a"), 1);
        quarantineHead(COUNTS, List.of(head, delivery("m2", add("a", 2), 2)));

        QuarantinedEvent event = only();

        assertThat(event.stream()).isEqualTo(CounterStream.NAME);
        assertThat(event.subscription()).isEqualTo("counts");
        assertThat(event.messageId()).isEqualTo("m1");
        assertThat(event.key()).isEqualTo("a");
        assertThat(event.reason()).isEqualTo(Reason.ATTEMPTS_EXHAUSTED);
        assertThat(event.detail()).startsWith("after 2 attempts: ");
        assertThat(event.position()).isEqualTo(at(1));
        assertThat(event.publishedAt()).isEqualTo(head.copy().publishedAt());
        assertThat(event.quarantinedAt()).isBetween(before, Instant.now().plusSeconds(60));
        assertThat(event.attempts()).isEqualTo(2);
        assertThat(event.edition()).isZero();
        assertThat(event.isRetriable()).isTrue();
        assertThat(quarantine().show(event.id()))
                .isInstanceOfSatisfying(
                        Inspection.Found.class,
                        found -> {
                            Dossier dossier = found.dossier();
                            assertThat(dossier.event()).isEqualTo(event);
                            assertThat(dossier.digest()).isEqualTo(head.digest().hex());
                            assertThat(dossier.copy()).isEqualTo(head.copy());
                            assertThat(dossier.attempts())
                                    .extracting(FailedAttempt::number)
                                    .containsExactly(1, 2);
                            assertThat(dossier.attempts().getLast().fault().type())
                                    .isEqualTo("java.lang.IllegalStateException");
                            assertThat(dossier.attempts().getLast().traceId()).isEqualTo(TRACE_ID);
                        });
    }

    @Test
    default void copies_that_were_never_tried_are_listed_too_and_cannot_be_retried() {
        Delivery.Undecodable<CountEvent> unreadable = undecodable("", "", 9);
        given(
                COUNTS,
                List.of(
                        delivery("m1", add("a", 1), 1),
                        delivery("m1", add("a", 2), 2),
                        unreadable));

        List<QuarantinedEvent> events = list(QuarantineFilter.ANY);

        assertThat(events)
                .extracting(QuarantinedEvent::reason)
                .containsExactlyInAnyOrder(Reason.CONFLICT, Reason.UNDECODABLE);
        assertThat(events).extracting(QuarantinedEvent::attempts).containsOnly(0);
        for (QuarantinedEvent event : events) {
            assertThat(quarantine().retry(event.id(), ANNA)).isEqualTo(new Retrial.Refused(event));
        }
        assertThat(list(QuarantineFilter.ANY)).isEqualTo(events);
        assertThat(auditLog().read(0, 10)).as("nothing was done").isEmpty();
        assertThat(valuesOf(COUNTS, new Key("a"))).containsExactly(1L);
        QuarantinedEvent bytes = list(filter("", "", "", "undecodable", "")).getFirst();
        assertThat(quarantine().show(bytes.id()))
                .isInstanceOfSatisfying(
                        Inspection.Found.class,
                        found -> {
                            assertThat(found.dossier().digest()).isEmpty();
                            assertThat(found.dossier().copy()).isEqualTo(unreadable.copy());
                            assertThat(found.dossier().attempts()).isEmpty();
                        });
    }

    @Test
    default void a_filter_means_what_it_says_and_pages_follow_each_other() {
        quarantineHead(COUNTS, List.of(delivery("m1", broken("a"), 1)));
        quarantineHead(COUNTS, List.of(delivery("m2", broken("b"), 2)));
        quarantineHead(OTHERS, List.of(delivery("m1", broken("a"), 1)));
        given(COUNTS, List.of(delivery("m3", add("c", 1), 3), delivery("m3", add("c", 2), 4)));
        quarantineHead(FOREIGN, List.of(delivery("m1", broken("a"), 1)));
        List<QuarantinedEvent> all = list(QuarantineFilter.ANY);

        assertThat(all)
                .hasSize(4)
                .isSortedAccordingTo(Comparator.comparingLong(QuarantinedEvent::id));
        assertThat(list(filter("counter", "counts", "", "", ""))).hasSize(3);
        assertThat(list(filter("other-stream", "", "", "", ""))).isEmpty();
        assertThat(list(filter("", "others", "", "", ""))).hasSize(1);
        assertThat(list(filter("", "", "a", "", ""))).hasSize(2);
        assertThat(list(filter("", "", "", "conflict", "")))
                .extracting(QuarantinedEvent::messageId)
                .containsExactly("m3");
        assertThat(list(filter("", "", "", "", "m2"))).hasSize(1);
        Instant third = all.get(2).quarantinedAt();
        assertThat(list(new QuarantineFilter("", "", "", "", "", "", third, QuarantineFilter.LAST)))
                .isEqualTo(all.stream().filter(e -> !e.quarantinedAt().isBefore(third)).toList());
        assertThat(
                        list(
                                new QuarantineFilter(
                                        "", "", "", "", "", "", QuarantineFilter.FIRST, third)))
                .isEqualTo(all.stream().filter(e -> e.quarantinedAt().isBefore(third)).toList());
        assertThat(quarantine().list(QuarantineFilter.ANY, 0, 3)).isEqualTo(all.subList(0, 3));
        assertThat(quarantine().list(QuarantineFilter.ANY, all.get(2).id(), 3))
                .isEqualTo(all.subList(3, 4));
    }

    @Test
    default void what_failed_in_the_same_way_is_one_cause() {
        for (int i = 0; i < 3; i++) {
            quarantineHead(COUNTS, List.of(delivery("m" + i, broken("k" + i % 2 + i), i)));
        }
        given(
                COUNTS,
                List.of(
                        delivery("c", add("z", 1), 10),
                        delivery("c", add("z", 2), 11),
                        delivery("d", add("z", 1), 12),
                        delivery("d", add("z", 2), 13)));

        List<QuarantineCause> causes = quarantine().causes(QuarantineFilter.ANY);

        assertThat(causes).extracting(QuarantineCause::events).containsExactly(3L, 2L);
        QuarantineCause first = causes.getFirst();
        assertThat(first.reason()).isEqualTo(Reason.ATTEMPTS_EXHAUSTED);
        assertThat(first.keys()).isEqualTo(3);
        assertThat(first.cause())
                .startsWith("java.lang.IllegalStateException at dev.millrace.")
                .hasSizeLessThanOrEqualTo(QuarantineCause.MAX_LENGTH);
        assertThat(first.newest()).isAfterOrEqualTo(first.oldest());
        assertThat(causes.getLast().cause())
                .as("of whatever position")
                .isEqualTo("another event stands at N:N:N:N");
        assertThat(quarantine().causes(filter("", "", "", "conflict", ""))).hasSize(1);
        assertThat(causes)
                .allSatisfy(cause -> {
                    QuarantineFilter alike =
                            new QuarantineFilter(
                                    "",
                                    "",
                                    "",
                                    "",
                                    cause.cause(),
                                    "",
                                    QuarantineFilter.FIRST,
                                    QuarantineFilter.LAST);
                    assertThat(list(alike)).hasSize(Math.toIntExact(cause.events()));
                    assertThat(quarantine().causes(alike)).containsExactly(cause);
                });
    }

    /** Whatever the time. */
    private static QuarantineFilter filter(
            String stream, String subscription, String key, String reason, String messageId) {
        return new QuarantineFilter(
                stream,
                subscription,
                key,
                reason,
                "",
                messageId,
                QuarantineFilter.FIRST,
                QuarantineFilter.LAST);
    }
}
