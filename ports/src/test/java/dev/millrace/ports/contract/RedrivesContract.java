package dev.millrace.ports.contract;

import static dev.millrace.ports.counter.Deliveries.broken;
import static dev.millrace.ports.counter.Deliveries.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.domain.AfterQuarantine;
import dev.millrace.domain.Key;
import dev.millrace.domain.ParkedEvent;
import dev.millrace.domain.operations.AuditEntry;
import dev.millrace.domain.operations.Cancelling;
import dev.millrace.domain.operations.QuarantineFilter;
import dev.millrace.domain.operations.QuarantinedEvent;
import dev.millrace.domain.operations.Redrive;
import dev.millrace.domain.operations.RedrivePace;
import dev.millrace.domain.operations.RedriveTally;
import dev.millrace.ports.counter.Count;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.Counted;
import dev.millrace.ports.driven.ParkedEvents;
import dev.millrace.ports.operations.driven.Redrives;
import dev.millrace.ports.operations.driven.Redrives.Lease;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What every {@link Redrives} must do with a quarantine. Each test begins with empty tables. */
public interface RedrivesContract extends OperationsSteps {

    /** As long as no test takes. */
    Duration LONG = Duration.ofMinutes(10);

    /** The jobs under test. */
    Redrives redrives();

    @Test
    default void a_job_about_nothing_is_done_at_once() {
        Redrive job = redrives().begin(QuarantineFilter.ANY, 100, ANNA);
        assertThat(job.state()).isEqualTo(Redrive.State.RUNNING);
        assertThat(job.tally()).isEqualTo(RedriveTally.NONE);
        assertThat(job.pace()).isEqualTo(RedrivePace.FIRST);
        assertThat(job.endedAt()).isEqualTo(Instant.MAX);
        Lease lease = take();

        assertThat(advance(lease)).isEqualTo(new Redrives.Advance(false, List.of()));

        Redrive done = found(job.id());
        assertThat(done.state()).isEqualTo(Redrive.State.DONE);
        assertThat(done.endedAt()).isBefore(Instant.MAX);
        assertThat(done.detail()).isNotEmpty();
        assertThat(redrives().take("anyone", LONG)).isEmpty();
    }

    @Test
    default void a_job_retries_what_its_filter_means_and_hears_what_came_of_it() {
        for (int i = 0; i < 9; i++) {
            quarantineHead(COUNTS, List.of(delivery("m" + i, broken("k" + i), i)));
        }
        quarantineHead(OTHERS, List.of(delivery("m0", broken("k0"), 0)));
        quarantineHead(FOREIGN, List.of(delivery("m0", broken("k0"), 0)));
        QuarantineFilter counts =
                new QuarantineFilter(
                        "",
                        "counts",
                        "",
                        "",
                        "",
                        "",
                        QuarantineFilter.FIRST,
                        QuarantineFilter.LAST);
        Redrive job = redrives().begin(counts, 4, ANNA);
        assertThat(job.tally().remaining()).isEqualTo(9);
        Lease lease = take();
        List<Integer> rates = new ArrayList<>();

        for (int second = 0; found(job.id()).state() == Redrive.State.RUNNING; second++) {
            assertThat(second).isLessThan(20);
            Redrives.Advance advance = advance(lease);
            advance.events().forEach(event -> assertThat(redrives().retry(lease, event)).isTrue());
            rates.add(found(job.id()).pace().rate());
            releaseAll(true);
        }

        Redrive done = found(job.id());
        assertThat(done.state()).isEqualTo(Redrive.State.DONE);
        assertThat(done.tally()).isEqualTo(new RedriveTally(9, 9, 0, 0));
        assertThat(rates).startsWith(1, 2, 4, 4).doesNotContain(8);
        for (int i = 0; i < 9; i++) {
            assertThat(valuesOf(COUNTS, new Key("k" + i))).containsExactly(1L);
        }
        assertThat(quarantine().list(QuarantineFilter.ANY, 0, 10))
                .extracting(QuarantinedEvent::subscription)
                .containsExactly("others");
        List<AuditEntry> acts = auditLog().read(0, 100);
        assertThat(acts.getFirst().act()).isEqualTo("redrive");
        assertThat(acts.subList(1, acts.size()))
                .hasSize(9)
                .allSatisfy(act -> {
                    assertThat(act.act()).isEqualTo("retry");
                    assertThat(act.signature()).isEqualTo(ANNA);
                    assertThat(act.details()).containsEntry("redriveId", Long.toString(job.id()));
                });
    }

    @Test
    default void events_of_one_key_are_retried_in_the_order_of_their_places() {
        quarantineHead(COUNTS, AfterQuarantine.GOES_ON, List.of(delivery("m1", broken("a"), 1)));
        quarantineHead(COUNTS, AfterQuarantine.GOES_ON, List.of(delivery("m2", broken("a"), 2)));
        QuarantinedEvent first = quarantine().list(QuarantineFilter.ANY, 0, 1).getFirst();
        assertThat(quarantine().retry(first.id(), BERT)).isNotNull();
        requarantine("m1");
        Redrive _ = redrives().begin(QuarantineFilter.ANY, 100, ANNA);

        List<Long> events =
                redrives()
                        .advance(
                                take(), LONG, job -> new RedrivePace.Next.Go(RedrivePace.FIRST, 10))
                        .events();

        assertThat(events)
                .as("the one that came back has a higher ID and its place before the other")
                .hasSize(2)
                .isSortedAccordingTo((one, other) -> Long.compare(other, one));
    }

    @Test
    default void a_job_stops_by_itself_and_retries_nothing_twice_when_retries_go_on_failing() {
        for (int i = 0; i < 20; i++) {
            quarantineHead(COUNTS, List.of(delivery("m" + i, broken("k" + i), i)));
        }
        Redrive job = redrives().begin(QuarantineFilter.ANY, 100, ANNA);
        Lease lease = take();

        for (int second = 0; found(job.id()).state() == Redrive.State.RUNNING; second++) {
            assertThat(second).isLessThan(20);
            advance(lease)
                    .events()
                    .forEach(event -> assertThat(redrives().retry(lease, event)).isTrue());
            releaseAll(false);
        }

        Redrive stopped = found(job.id());
        assertThat(stopped.state()).isEqualTo(Redrive.State.STOPPED);
        assertThat(stopped.detail()).contains("3 of the last 3 retries failed");
        assertThat(stopped.tally()).isEqualTo(new RedriveTally(3, 0, 3, 17));
        assertThat(quarantine().list(QuarantineFilter.ANY, 0, 100)).hasSize(20);
    }

    @Test
    default void an_event_that_comes_back_is_left_to_the_next_job() {
        quarantineHead(COUNTS, List.of(delivery("m1", broken("a"), 1)));
        Redrive job = redrives().begin(QuarantineFilter.ANY, 100, ANNA);
        Lease lease = take();
        Redrives.Advance advance = advance(lease);
        assertThat(redrives().retry(lease, advance.events().getFirst())).isTrue();
        releaseAll(false);

        assertThat(advance(lease).ours()).isFalse();

        assertThat(found(job.id()).state()).isEqualTo(Redrive.State.DONE);
        assertThat(found(job.id()).tally()).isEqualTo(new RedriveTally(1, 0, 1, 0));
        assertThat(quarantine().list(QuarantineFilter.ANY, 0, 100)).hasSize(1);
    }

    @Test
    default void whoever_has_an_older_lease_can_do_nothing_more() {
        quarantineHead(COUNTS, List.of(delivery("m1", broken("a"), 1)));
        Redrive job = redrives().begin(QuarantineFilter.ANY, 100, ANNA);
        Lease first = redrives().take("first", Duration.ZERO).orElseThrow();
        Lease second = taken("second");
        long event = quarantine().list(QuarantineFilter.ANY, 0, 1).getFirst().id();

        assertThat(second.number()).isGreaterThan(first.number());
        assertThat(redrives().take("third", LONG)).as("it is driven").isEmpty();
        assertThat(advance(first)).isEqualTo(new Redrives.Advance(false, List.of()));
        assertThat(redrives().retry(first, event)).isFalse();
        assertThat(quarantine().list(QuarantineFilter.ANY, 0, 10)).hasSize(1);
        assertThat(found(job.id()).tally().retried()).isZero();
        assertThat(redrives().retry(second, event)).isTrue();
        assertThat(found(job.id()).tally().retried()).isOne();
    }

    @Test
    default void a_cancelled_job_retries_nothing_more() {
        quarantineHead(COUNTS, List.of(delivery("m1", broken("a"), 1)));
        Redrive job = redrives().begin(QuarantineFilter.ANY, 100, ANNA);
        Lease lease = take();

        assertThat(redrives().cancel(job.id(), BERT))
                .isInstanceOfSatisfying(
                        Cancelling.Cancelled.class,
                        cancelled -> assertThat(cancelled.job().word()).isEqualTo("cancelled"));

        assertThat(advance(lease)).isEqualTo(new Redrives.Advance(false, List.of()));
        assertThat(redrives().retry(lease, only().id())).isFalse();
        assertThat(redrives().cancel(job.id(), BERT)).isInstanceOf(Cancelling.Ended.class);
        assertThat(redrives().cancel(4711, BERT)).isEqualTo(new Cancelling.Unknown<>());
        assertThat(auditLog().read(0, 10))
                .extracting(AuditEntry::act)
                .containsExactly("redrive", "cancel");
    }

    @Test
    default void jobs_are_listed_page_by_page() {
        Redrive first = redrives().begin(QuarantineFilter.ANY, 100, ANNA);
        Redrive second = redrives().begin(QuarantineFilter.ANY, 5, BERT);

        assertThat(redrives().list(0, 10)).containsExactly(first, second);
        assertThat(redrives().list(0, 1)).containsExactly(first);
        assertThat(redrives().list(first.id(), 10)).containsExactly(second);
        assertThat(redrives().find(second.id())).contains(second);
        assertThat(redrives().find(4711)).isEmpty();
        assertThat(second.most()).isEqualTo(5);
        assertThat(second.signature()).isEqualTo(BERT);
    }

    @Test
    default void an_outage_leaves_a_job_as_it_was() {
        quarantineHead(COUNTS, List.of(delivery("m1", broken("a"), 1)));
        Redrive job = redrives().begin(QuarantineFilter.ANY, 100, ANNA);
        Lease lease = take();
        long event = only().id();
        makeUnavailable();
        try {
            Outage.isSaidBy(
                    List.of(
                            () -> redrives().begin(QuarantineFilter.ANY, 1, ANNA),
                            () -> redrives().list(0, 1),
                            () -> redrives().find(1),
                            () -> redrives().cancel(1, ANNA),
                            () -> redrives().take("anyone", LONG),
                            () -> advance(lease),
                            () -> redrives().retry(lease, event)));
        } finally {
            makeAvailable();
        }
        assertThat(found(job.id())).isEqualTo(job);
    }

    private Lease take() {
        return redrives().take("a test", LONG).orElseThrow();
    }

    /** A lease that has just run out may be taken a moment later. */
    private Lease taken(String holder) {
        for (int tries = 0; tries < 1_000_000; tries++) {
            var lease = redrives().take(holder, LONG);
            if (lease.isPresent()) {
                return lease.get();
            }
        }
        throw new AssertionError("a lease that has run out cannot be taken");
    }

    private Redrives.Advance advance(Lease lease) {
        Function<Redrive, RedrivePace.Next> policy =
                job -> job.pace().after(job.tally(), job.most());
        return redrives().advance(lease, LONG, policy);
    }

    private Redrive found(long id) {
        return redrives().find(id).orElseThrow();
    }

    /** Tries everything that is due, once: what is mended takes effect, what is not is back. */
    private void releaseAll(boolean mended) {
        for (ParkedEvent head : parked().due(100)) {
            List<ParkedEvent> run = parked().queue(head, 10);
            assertThat(release(parked(), run, EXHAUSTED, id -> mended)).isNotEmpty();
        }
    }

    private void requarantine(String messageId) {
        ParkedEvents<CountEvent, Count, Counted> parked =
                parkedEvents(COUNTS, AfterQuarantine.GOES_ON);
        List<ParkedEvent> run = parked.queue(parked.due(1).getFirst(), 1);
        assertThat(run.getFirst().messageId().value()).isEqualTo(messageId);
        assertThat(release(parked, run, EXHAUSTED, id -> false)).hasSize(1);
    }
}
