package dev.millrace.ports.contract;

import static dev.millrace.ports.counter.Deliveries.add;
import static dev.millrace.ports.counter.Deliveries.at;
import static dev.millrace.ports.counter.Deliveries.broken;
import static dev.millrace.ports.counter.Deliveries.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.domain.Fate;
import dev.millrace.domain.Key;
import dev.millrace.domain.ParkedEvent;
import dev.millrace.domain.ParkedLoad;
import dev.millrace.domain.operations.Absent;
import dev.millrace.domain.operations.AuditEntry;
import dev.millrace.domain.operations.ParkedFilter;
import dev.millrace.domain.operations.QuarantineFilter;
import dev.millrace.domain.operations.QuarantinedEvent;
import dev.millrace.domain.operations.Retrial;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.driven.ParkedEvents.Patience;
import dev.millrace.ports.driven.Release;
import dev.millrace.ports.operations.driven.AuditLog;
import dev.millrace.ports.operations.driven.ParkedKeys;
import dev.millrace.ports.operations.driven.Quarantine;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;

/**
 * What every {@link Quarantine}, {@link ParkedKeys} and {@link AuditLog} must do with what the
 * inbox beside them has left for a person, each by itself and all together. Each test begins with
 * empty tables.
 */
public interface OperationsContract
        extends QuarantineContract,
                RetryContract,
                DiscardContract,
                EditContract,
                ParkedKeysContract,
                MessageArchiveContract {

    @Test
    default void nothing_is_found_where_nothing_needs_a_person() {
        given(COUNTS, List.of(delivery("m1", add("a", 1), 1)));

        assertThat(quarantine().list(QuarantineFilter.ANY, 0, 10)).isEmpty();
        assertThat(quarantine().causes(QuarantineFilter.ANY)).isEmpty();
        assertThat(quarantine().show(4711)).isEqualTo(new Absent.Unknown());
        assertThat(quarantine().retry(4711, ANNA)).isEqualTo(new Absent.Unknown());
        assertThat(quarantine().discard(4711, ANNA)).isEqualTo(new Absent.Unknown());
        assertThat(parkedKeys().list(ParkedFilter.ANY, "", 10)).isEmpty();
        assertThat(auditLog().read(0, 10)).isEmpty();
    }

    @Test
    default void an_act_leaves_a_row_that_tells_who_did_what_to_what_and_why() {
        quarantineHead(COUNTS, List.of(delivery("m1", broken("a"), 1)));
        quarantineHead(OTHERS, List.of(delivery("m1", broken("b"), 2)));
        List<QuarantinedEvent> events = list(QuarantineFilter.ANY);
        retry(events.getFirst());
        discard(events.getLast());

        List<AuditEntry> acts = auditLog().read(0, 10);

        assertThat(acts).extracting(AuditEntry::act).containsExactly("retry", "discard");
        assertThat(acts).extracting(AuditEntry::signature).containsExactly(ANNA, BERT);
        assertThat(acts).extracting(AuditEntry::stream).containsOnly("counter");
        assertThat(acts).extracting(AuditEntry::subscription).containsExactly("counts", "others");
        assertThat(acts).extracting(AuditEntry::key).containsExactly("a", "b");
        assertThat(acts).extracting(AuditEntry::messageId).containsOnly("m1");
        assertThat(acts.getFirst().details())
                .containsEntry("position", at(1).toString())
                .containsEntry("quarantineId", Long.toString(events.getFirst().id()))
                .containsEntry("reason", "attempts-exhausted")
                .containsEntry("attempts", "2");
        assertThat(auditLog().read(0, 1)).isEqualTo(acts.subList(0, 1));
        assertThat(auditLog().read(acts.getFirst().id(), 10)).isEqualTo(acts.subList(1, 2));
    }

    @Test
    default void of_two_who_act_on_one_event_one_does_and_the_other_hears_of_it() throws Exception {
        int events = 12;
        for (int i = 0; i < events; i++) {
            quarantineHead(COUNTS, List.of(delivery("m" + i, broken("k" + i), i)));
        }
        List<QuarantinedEvent> all = list(QuarantineFilter.ANY);
        Callable<List<Object>> anna =
                () ->
                        all.stream()
                                .<Object>map(event -> quarantine().retry(event.id(), ANNA))
                                .toList();
        Callable<List<Object>> bert =
                () ->
                        all.stream()
                                .<Object>map(event -> quarantine().discard(event.id(), BERT))
                                .toList();
        List<List<Object>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            for (Future<List<Object>> answer : threads.invokeAll(List.of(anna, bert, anna, bert))) {
                answers.add(answer.get());
            }
        }

        for (int i = 0; i < events; i++) {
            int number = i;
            List<Object> told = answers.stream().map(list -> list.get(number)).toList();
            assertThat(told).filteredOn(Absent.Settled.class::isInstance).hasSize(3);
            AuditEntry act =
                    ((Absent.Settled)
                                    told.stream()
                                            .filter(Absent.Settled.class::isInstance)
                                            .findFirst()
                                            .orElseThrow())
                            .act();
            assertThat(state("m" + i))
                    .isEqualTo(act.act().equals("retry") ? "parked" : "discarded");
        }
        assertThat(auditLog().read(0, 100)).hasSize(events);
        assertThat(list(QuarantineFilter.ANY)).isEmpty();
        assertThat(parked().load().waitingKeys()).isZero();
    }

    @Test
    default void order_holds_while_a_lane_brings_more_of_the_key() throws Exception {
        int rounds = 42;
        int faults = 5;
        int retried;
        try (ExecutorService threads = Executors.newFixedThreadPool(2)) {
            Future<?> lane = threads.submit(() -> bring(rounds));
            Future<Integer> person = threads.submit(() -> tend(lane::isDone));
            assertThat(lane.get()).isNull();
            retried = person.get();
        }

        assertThat(retried).isEqualTo(faults);
        assertThat(valuesOf(COUNTS, new Key("a")))
                .isEqualTo(
                        LongStream.rangeClosed(1, rounds).mapToObj(i -> i * (i + 1) / 2).toList());
        assertThat(parked().load()).isEqualTo(ParkedLoad.NONE);
    }

    @Test
    default void an_outage_changes_nothing() {
        quarantineHead(COUNTS, List.of(delivery("m1", broken("a"), 1)));
        QuarantinedEvent event = only();
        makeUnavailable();
        try {
            Outage.isSaidBy(
                    List.of(
                            () -> list(QuarantineFilter.ANY),
                            () -> quarantine().causes(QuarantineFilter.ANY),
                            () -> quarantine().show(event.id()),
                            () -> quarantine().retry(event.id(), ANNA),
                            () -> quarantine().discard(event.id(), ANNA),
                            () -> parkedKeys().list(ParkedFilter.ANY, "", 1),
                            () -> parkedKeys().release(counts("a"), ANNA),
                            () -> auditLog().read(0, 1)));
        } finally {
            makeAvailable();
        }
        assertThat(only()).isEqualTo(event);
        assertThat(auditLog().read(0, 10)).isEmpty();
    }

    /** A lane: one event at a time, of which every ninth fails. */
    private void bring(int rounds) {
        for (int i = 1; i <= rounds; i++) {
            CountEvent event = new CountEvent(new Key("a"), i, i % 9 == 4);
            given(COUNTS, List.of(delivery("m" + i, event, i)));
        }
    }

    /**
     * A person who retries all there is, and the releaser beside, until nothing comes or waits.
     *
     * @return how many were retried
     */
    private int tend(BooleanSupplier done) {
        int retried = 0;
        while (!done.getAsBoolean()
                || !list(QuarantineFilter.ANY).isEmpty()
                || parked().load().events() > 0) {
            for (QuarantinedEvent event : list(QuarantineFilter.ANY)) {
                if (quarantine().retry(event.id(), ANNA) instanceof Retrial.Parked) {
                    retried++;
                }
            }
            parked().due(1).forEach(this::releaseOnce);
        }
        return retried;
    }

    /** What nobody has retried yet goes to quarantine at once; what somebody has is mended. */
    private void releaseOnce(ParkedEvent head) {
        List<ParkedEvent> run = parked().queue(head, 5);
        if (run.isEmpty()) {
            return;
        }
        List<String> mended =
                auditLog().read(0, 1_000).stream().map(AuditEntry::messageId).toList();
        Fate fate =
                mended.contains(head.messageId().value())
                        ? new Fate.Retry(Duration.ZERO)
                        : EXHAUSTED;
        Release _ =
                parked().release(run, Patience.WAIT, CountVerdicts.on(run, fate, mended::contains));
    }
}
