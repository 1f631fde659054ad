package dev.millrace.ports.contract;

import static dev.millrace.ports.counter.Deliveries.PUBLISHED_AT;
import static dev.millrace.ports.counter.Deliveries.add;
import static dev.millrace.ports.counter.Deliveries.broken;
import static dev.millrace.ports.counter.Deliveries.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.domain.Delivery;
import dev.millrace.domain.Outcome;
import dev.millrace.domain.Reason;
import dev.millrace.domain.operations.Absent;
import dev.millrace.domain.operations.AuditEntry;
import dev.millrace.domain.operations.Cancelling;
import dev.millrace.domain.operations.QuarantineFilter;
import dev.millrace.domain.operations.QuarantinedEvent;
import dev.millrace.domain.operations.Redrive;
import dev.millrace.domain.operations.RedrivePace;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.driven.RecordStore;
import dev.millrace.ports.operations.driven.FinishedRecords;
import dev.millrace.ports.operations.driven.Redrives;
import dev.millrace.ports.operations.driven.Redrives.Lease;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;

/** What every {@link FinishedRecords} must do. Each test begins with empty tables. */
public interface RetentionContract extends OperationsSteps {

    /** After all that a test does. */
    Instant LATER = Instant.parse("2999-01-01T00:00:00Z");

    /** The acts in the audit log. */
    FinishedRecords acts();

    /** The jobs that have ended. */
    FinishedRecords jobs();

    /** All jobs. */
    Redrives redrives();

    /** The idempotency records of the same tables. */
    RecordStore records();

    @Test
    default void nothing_goes_where_nothing_is_finished() {
        assertThat(acts().purge(LATER, 10)).isZero();
        assertThat(jobs().purge(LATER, 10)).isZero();
    }

    @Test
    default void acts_from_before_an_instant_go_and_later_ones_stay_as_they_are() {
        discardSome(5);
        List<AuditEntry> before = auditLog().read(0, 10);
        Instant border = before.get(3).at();
        List<AuditEntry> later = before.stream().filter(act -> !act.at().isBefore(border)).toList();

        assertThat(acts().purge(border, 10)).isEqualTo(5 - later.size());

        assertThat(auditLog().read(0, 10)).isEqualTo(later);
        discardSome(5, 6);
        assertThat(auditLog().read(before.getLast().id(), 10))
                .as("an ID is not given twice")
                .hasSize(1);
    }

    @Test
    default void at_most_the_limit_goes_and_fewer_means_that_none_is_left() {
        discardSome(5);
        List<AuditEntry> before = auditLog().read(0, 10);

        assertThat(acts().purge(LATER, 2)).isEqualTo(2);
        assertThat(auditLog().read(0, 10)).as("the oldest first").isEqualTo(before.subList(2, 5));
        assertThat(acts().purge(LATER, 2)).isEqualTo(2);
        assertThat(acts().purge(LATER, 2)).isEqualTo(1);
        assertThat(auditLog().read(0, 10)).isEmpty();
    }

    @Test
    default void of_an_event_whose_act_is_gone_nobody_knows_any_more() {
        quarantineHead(COUNTS, List.of(delivery("m1", broken("a"), 1)));
        long id = only().id();
        discard(only());

        assertThat(acts().purge(LATER, 10)).isEqualTo(1);

        assertThat(quarantine().show(id)).isEqualTo(new Absent.Unknown());
        assertThat(state("m1")).as("the record tells still").isEqualTo("discarded");
    }

    @Test
    default void a_copy_that_was_given_up_stays_accounted_for_until_the_watermark_passes_it() {
        Delivery.Decoded<CountEvent> conflict = delivery("m1", add("a", 2), 2);
        given(COUNTS, List.of(delivery("m1", add("a", 1), 1), conflict));
        discard(only());
        assertThat(acts().purge(LATER, 10)).isEqualTo(1);

        assertThat(apply(COUNTS, List.of(conflict))).containsExactly(new Outcome.Redelivered());

        Instant watermark = PUBLISHED_AT.plusSeconds(1);
        assertThat(records().purge(COUNTS, watermark, 1)).as("the record").isEqualTo(1);
        assertThat(records().purge(COUNTS, watermark, 1)).as("the copy").isEqualTo(1);
        assertThat(records().purge(COUNTS, watermark, 1)).isZero();
        assertThat(apply(COUNTS, List.of(conflict)))
                .containsExactly(new Outcome.Quarantined(Reason.BEYOND_HORIZON));
    }

    @Test
    default void a_job_goes_once_it_has_ended_for_long_enough() {
        Redrive ended = redrives().begin(QuarantineFilter.ANY, 10, ANNA);
        assertThat(redrives().cancel(ended.id(), BERT)).isInstanceOf(Cancelling.Cancelled.class);
        Redrive running = redrives().begin(QuarantineFilter.ANY, 10, ANNA);
        Instant end = redrives().find(ended.id()).orElseThrow().endedAt();

        assertThat(jobs().purge(end, 10)).as("at that very instant").isZero();
        assertThat(jobs().purge(LATER, 10)).isEqualTo(1);

        assertThat(redrives().list(0, 10)).containsExactly(running);
        assertThat(redrives().begin(QuarantineFilter.ANY, 10, ANNA).id())
                .as("an ID is not given twice")
                .isGreaterThan(running.id());
    }

    @Test
    default void a_job_goes_in_steps_with_what_it_still_waited_for() {
        for (int i = 0; i < 3; i++) {
            quarantineHead(COUNTS, List.of(delivery("m" + i, broken("k" + i), i)));
        }
        Redrive job = redrives().begin(QuarantineFilter.ANY, 10, ANNA);
        Lease lease = redrives().take("a test", Duration.ofMinutes(10)).orElseThrow();
        for (QuarantinedEvent event : list(QuarantineFilter.ANY)) {
            assertThat(redrives().retry(lease, event.id())).isTrue();
        }
        assertThat(redrives().cancel(job.id(), BERT)).isInstanceOf(Cancelling.Cancelled.class);

        for (int steps = 0; jobs().purge(LATER, 2) == 2; steps++) {
            assertThat(steps).isLessThan(3);
        }

        assertThat(redrives().list(0, 10)).isEmpty();
        assertThat(
                        redrives()
                                .advance(
                                        lease,
                                        Duration.ofMinutes(10),
                                        _ -> new RedrivePace.Next.Go(RedrivePace.FIRST, 1)))
                .isEqualTo(new Redrives.Advance(false, List.of()));
        assertThat(parked().load().events()).as("what it retried goes on").isEqualTo(3);
    }

    @Test
    default void an_outage_lets_nothing_go() {
        discardSome(1);
        List<AuditEntry> before = auditLog().read(0, 10);
        makeUnavailable();
        try {
            List<Callable<?>> calls =
                    List.of(() -> acts().purge(LATER, 10), () -> jobs().purge(LATER, 10));
            for (Callable<?> call : calls) {
                assertThatThrownBy(call::call).isInstanceOf(Unavailable.class);
            }
        } finally {
            makeAvailable();
        }
        assertThat(auditLog().read(0, 10)).isEqualTo(before);
    }

    private void discardSome(int acts) {
        discardSome(0, acts);
    }

    /** One act for each event from one number to before another. */
    private void discardSome(int from, int to) {
        for (int i = from; i < to; i++) {
            quarantineHead(COUNTS, List.of(delivery("m" + i, broken("k" + i), i)));
            discard(only());
        }
    }
}
