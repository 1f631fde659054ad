package dev.millrace.ports.usecase;

import static dev.millrace.ports.counter.Deliveries.add;
import static dev.millrace.ports.counter.Deliveries.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.domain.InvalidValue;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.operations.AuditEntry;
import dev.millrace.domain.operations.QuarantineFilter;
import dev.millrace.domain.operations.QuarantinedEvent;
import dev.millrace.domain.operations.Signature;
import dev.millrace.ports.contract.PlainDeciding;
import dev.millrace.ports.counter.Count;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.Counted;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.driven.Settlement;
import dev.millrace.ports.driving.PurgeRecords;
import dev.millrace.ports.fake.InMemoryDatabase;
import dev.millrace.ports.fake.InMemoryInbox;
import dev.millrace.ports.fake.InMemoryOperations;
import dev.millrace.ports.fake.SettableClock;
import dev.millrace.ports.usecase.operations.FinishedRecordPurging;
import dev.millrace.ports.usecase.operations.UnattendedDiscarding;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** What goes by its age alone, and what does not. */
final class RetentionTest {

    private static final Tenant TENANT = new Tenant("millrace");
    private static final Namespace NAMESPACE = new Namespace("events");
    private static final Duration RETENTION = Duration.ofDays(30);

    private final SettableClock clock = new SettableClock(Instant.parse("2026-03-10T00:00:00Z"));
    private final InMemoryDatabase database = new InMemoryDatabase();
    private final InMemoryInbox<CountEvent, Count, Counted> inbox =
            new InMemoryInbox<>(
                    database,
                    new SubscriptionId(TENANT, NAMESPACE, CounterStream.NAME, "counts"),
                    CounterStream.STREAM,
                    count -> true,
                    clock);
    private final InMemoryOperations operations =
            new InMemoryOperations(database, TENANT, NAMESPACE, clock);

    @Test
    void acts_are_kept_for_their_retention_and_no_longer() {
        conflicts(0, 3);
        discardAll();
        clock.advance(Duration.ofDays(1));
        conflicts(3, 4);
        discardAll();
        PurgeRecords purge = new FinishedRecordPurging(RETENTION, 2, operations, clock);

        clock.advance(RETENTION.minusDays(1));
        assertThat(purge.purge()).as("to the day").isZero();
        clock.advance(Duration.ofSeconds(1));
        assertThat(purge.purge()).as("in more than one step").isEqualTo(3);

        assertThat(operations.read(0, 10)).hasSize(1);
    }

    @Test
    void what_nobody_deals_with_is_given_up_in_time_and_the_audit_log_says_so() {
        conflicts(0, 5);
        clock.advance(RETENTION);
        conflicts(5, 6);
        PurgeRecords discarding = new UnattendedDiscarding(RETENTION, 2, operations, clock);
        assertThat(discarding.purge()).as("to the day").isZero();

        clock.advance(Duration.ofSeconds(1));
        assertThat(discarding.purge()).as("in more than one page").isEqualTo(5);

        assertThat(operations.list(QuarantineFilter.ANY, 0, 10))
                .extracting(QuarantinedEvent::messageId)
                .containsExactly("m5");
        assertThat(operations.read(0, 10))
                .hasSize(5)
                .extracting(AuditEntry::signature)
                .containsOnly(new Signature("millrace", "nobody dealt with it for 30 days"));
    }

    @Test
    void a_retention_of_nothing_is_refused() {
        assertThatThrownBy(() -> new FinishedRecordPurging(Duration.ZERO, 1, operations, clock))
                .isInstanceOf(InvalidValue.class);
        assertThatThrownBy(() -> new FinishedRecordPurging(RETENTION, 0, operations, clock))
                .isInstanceOf(InvalidValue.class);
        assertThatThrownBy(() -> new UnattendedDiscarding(Duration.ZERO, 1, operations, clock))
                .isInstanceOf(InvalidValue.class);
        assertThatThrownBy(() -> new UnattendedDiscarding(RETENTION, 0, operations, clock))
                .isInstanceOf(InvalidValue.class);
    }

    /** One copy in quarantine for each number, beside one that is applied. */
    private void conflicts(int from, int to) {
        for (int i = from; i < to; i++) {
            assertThat(
                            inbox.apply(
                                    List.of(
                                            delivery("m" + i, add("a", 1), 2 * i),
                                            delivery("m" + i, add("a", 2), 2 * i + 1)),
                                    PlainDeciding.on(CounterStream.STREAM)))
                    .isInstanceOf(Settlement.Committed.class);
        }
    }

    private void discardAll() {
        for (QuarantinedEvent event : operations.list(QuarantineFilter.ANY, 0, 10)) {
            assertThat(operations.discard(event.id(), new Signature("anna", "a repeat")))
                    .isNotNull();
        }
    }
}
