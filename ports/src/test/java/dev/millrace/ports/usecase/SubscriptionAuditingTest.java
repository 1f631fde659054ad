package dev.millrace.ports.usecase;

import static dev.millrace.ports.counter.Deliveries.PUBLISHED_AT;
import static dev.millrace.ports.counter.Deliveries.add;
import static dev.millrace.ports.counter.Deliveries.broken;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.millrace.domain.AuditReport;
import dev.millrace.domain.Copy;
import dev.millrace.domain.CopyState;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.Difference;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.Payload;
import dev.millrace.domain.Period;
import dev.millrace.domain.Position;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Tenant;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.contract.PlainDeciding;
import dev.millrace.ports.counter.Count;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.Counted;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.driven.Settlement;
import dev.millrace.ports.driving.AuditNote;
import dev.millrace.ports.fake.InMemoryDatabase;
import dev.millrace.ports.fake.InMemoryInbox;
import dev.millrace.ports.fake.InMemoryRecordStore;
import dev.millrace.ports.fake.InMemoryTopicLog;
import dev.millrace.ports.fake.InMemoryTracing;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

final class SubscriptionAuditingTest {

    private static final SubscriptionId SUBSCRIPTION =
            new SubscriptionId(
                    new Tenant("millrace"), new Namespace("events"), CounterStream.NAME, "counts");
    private static final Instant LATER = PUBLISHED_AT.plusSeconds(3_600);

    private final InMemoryDatabase database = new InMemoryDatabase();
    private final InMemoryTracing tables = new InMemoryTracing(database);
    private final InMemoryTopicLog topic = new InMemoryTopicLog();
    private final InMemoryInbox<CountEvent, Count, Counted> inbox =
            new InMemoryInbox<>(
                    database,
                    SUBSCRIPTION,
                    CounterStream.STREAM,
                    _ -> true,
                    InstantSource.system());
    private final SubscriptionAuditing auditing =
            new SubscriptionAuditing(topic, tables, InstantSource.fixed(LATER));
    private final List<Difference> differences = new ArrayList<>();
    private final List<AuditNote.Progress> progress = new ArrayList<>();

    @Test
    void an_empty_topic_and_empty_tables_balance() {
        assertThat(audit().balances()).isTrue();
        assertThat(differences).isEmpty();
    }

    @Test
    void each_copy_is_counted_in_its_state() {
        given("applied", add("a", 5));
        given("rejected", add("a", 2_000));
        given("applied", add("a", 5));
        given("applied", add("a", 6));
        given("head", broken("b"));
        given("behind", add("b", 1));
        var _ = publish("waiting", PUBLISHED_AT);

        AuditReport report = audit();

        assertThat(report)
                .isEqualTo(
                        new AuditReport(
                                Map.of(
                                        CopyState.APPLIED, 1L,
                                        CopyState.REJECTED, 1L,
                                        CopyState.DUPLICATE, 1L,
                                        CopyState.QUARANTINED, 1L,
                                        CopyState.PARKED, 2L,
                                        CopyState.IN_FLIGHT, 1L),
                                0));
        assertThat(report.copies()).containsEntry(CopyState.PURGED, 0L);
        assertThat(differences).isEmpty();
    }

    @Test
    void what_is_committed_and_not_yet_acknowledged_is_what_the_tables_say() {
        deliver(publish("m1", PUBLISHED_AT), "m1", add("a", 1), PUBLISHED_AT);

        assertThat(audit().copies()).containsEntry(CopyState.APPLIED, 1L);
    }

    @Test
    void a_record_that_is_gone_is_a_lost_copy_and_its_duplicate_stands_alone() {
        Position first = handle("m1", add("a", 1));
        Position second = handle("m1", add("a", 1));
        given("m2", add("a", 1));
        tables.forget(SUBSCRIPTION, new MessageId("m1"));

        assertThat(audit().differences()).isEqualTo(2);
        assertThat(differences)
                .containsExactlyInAnyOrder(
                        new Difference(Difference.Kind.LOST, first, "m1", "no table knows of it"),
                        new Difference(
                                Difference.Kind.INCOMPLETE,
                                second,
                                "m1",
                                "it is counted as a duplicate"));
    }

    @Test
    void what_the_purge_took_is_no_difference() {
        given("m1", add("a", 1));
        given("m1", add("a", 1));
        assertThat(
                        new InMemoryRecordStore(database)
                                .purge(SUBSCRIPTION, PUBLISHED_AT.plusSeconds(1), 10))
                .isEqualTo(1);

        assertThat(audit().copies()).containsEntry(CopyState.PURGED, 2L);
        assertThat(differences).isEmpty();
    }

    @Test
    void what_the_purge_takes_while_the_audit_runs_is_no_difference() {
        for (int i = 0; i < 50; i++) {
            given("m" + i, add("a", 1));
        }
        topic.meanwhile(() ->
                assertThat(
                                new InMemoryRecordStore(database)
                                        .purge(SUBSCRIPTION, PUBLISHED_AT.plusSeconds(1), 20))
                        .isEqualTo(20));

        AuditReport report = audit();

        assertThat(report.copies())
                .containsEntry(CopyState.PURGED, 20L)
                .containsEntry(CopyState.APPLIED, 30L);
        assertThat(differences).isEmpty();
    }

    @Test
    void what_is_handled_while_the_audit_runs_is_no_difference() {
        Position first = publish("m1", PUBLISHED_AT);
        Position second = publish("m2", PUBLISHED_AT);
        topic.meanwhile(() -> {
            deliver(first, "m1", add("a", 1), PUBLISHED_AT);
            topic.acknowledge(first);
            // Acknowledged after it was asked about: nobody knows of it yet.
            topic.acknowledge(second);
        });

        AuditReport report = audit();

        assertThat(report.copies())
                .containsEntry(CopyState.APPLIED, 1L)
                .containsEntry(CopyState.IN_FLIGHT, 1L);
        assertThat(differences).isEmpty();
    }

    @Test
    void a_record_about_no_copy_of_the_topic_is_named() {
        for (int i = 0; i < 2_500; i++) {
            given("m" + i, add("k" + i % 10, 1));
        }
        Position real = handle("real", add("a", 1));
        Position beyond = new Position(7, 9_999, 1, 0);
        tables.invent(SUBSCRIPTION, new MessageId("beyond"), beyond, PUBLISHED_AT);
        tables.invent(SUBSCRIPTION, new MessageId("elsewhere"), real, PUBLISHED_AT);

        assertThat(audit().differences()).isEqualTo(2);
        assertThat(differences)
                .extracting(Difference::kind, Difference::position, Difference::messageId)
                .containsExactlyInAnyOrder(
                        tuple(Difference.Kind.UNFOUNDED, beyond, "beyond"),
                        tuple(Difference.Kind.UNFOUNDED, real, "elsewhere"));
        assertThat(progress.getLast()).isEqualTo(new AuditNote.Progress(2_501, 5_006));
    }

    @Test
    void a_record_about_what_the_topic_no_longer_retains_is_no_difference() {
        given("m1", add("a", 1));
        tables.invent(SUBSCRIPTION, new MessageId("old"), new Position(3, 1, 0, 0), PUBLISHED_AT);

        assertThat(audit().balances()).isTrue();
    }

    @Test
    void a_record_of_this_minute_is_left_to_the_next_audit() {
        given("m1", add("a", 1));
        tables.invent(
                SUBSCRIPTION,
                new MessageId("young"),
                new Position(7, 99, 0, 0),
                LATER.minusSeconds(30));

        assertThat(audit().balances()).isTrue();
    }

    @Test
    void a_copy_that_is_two_things_at_once_is_named() {
        Position position = handle("m1", add("a", 1));
        given("other", add("a", 1));
        tables.count(SUBSCRIPTION, new MessageId("other"), position);
        Position undecodable = publish("bad", PUBLISHED_AT);
        assertThat(
                        inbox.apply(
                                List.of(
                                        new Delivery.Undecodable<>(
                                                "bad", "", "?", copy(undecodable, PUBLISHED_AT))),
                                PlainDeciding.on(CounterStream.STREAM)))
                .isInstanceOf(Settlement.Committed.class);
        tables.count(SUBSCRIPTION, new MessageId("bad"), undecodable);

        assertThat(audit().differences()).isEqualTo(1);
        assertThat(differences)
                .containsExactly(
                        new Difference(
                                Difference.Kind.CONTRADICTORY,
                                undecodable,
                                "bad",
                                "it is counted as a duplicate, and it lies in quarantine"));
    }

    @Test
    void a_parked_event_that_lies_nowhere_is_named() {
        Position head = handle("head", broken("b"));
        tables.loseParked(SUBSCRIPTION);

        assertThat(audit().differences()).isEqualTo(1);
        assertThat(differences)
                .containsExactly(
                        new Difference(
                                Difference.Kind.INCOMPLETE,
                                head,
                                "head",
                                "its record says parked"));
    }

    @Test
    void a_period_is_audited_alone() {
        Position first = handle("m1", add("a", 1), PUBLISHED_AT);
        Position second = handle("m2", add("a", 1), PUBLISHED_AT.plusSeconds(60));
        given("m3", add("a", 1), PUBLISHED_AT.plusSeconds(120));
        tables.forget(SUBSCRIPTION, new MessageId("m1"));
        tables.forget(SUBSCRIPTION, new MessageId("m2"));

        AuditReport report =
                audit(new Period(PUBLISHED_AT.plusSeconds(30), PUBLISHED_AT.plusSeconds(90)));

        assertThat(report.differences()).isEqualTo(1);
        assertThat(differences).extracting(Difference::position).containsExactly(second);
        assertThat(audit(Period.ALL).differences()).isEqualTo(2);
        assertThat(differences).extracting(Difference::position).contains(first);
    }

    @Test
    void many_differences_are_told_one_by_one_and_kept_by_nobody() {
        for (int i = 0; i < 3_200; i++) {
            given("m" + i, add("k" + i % 10, 1));
            if (i < 3_100) {
                tables.forget(SUBSCRIPTION, new MessageId("m" + i));
            }
        }

        AuditReport report = audit();

        assertThat(report.differences()).isEqualTo(3_100);
        assertThat(report.copies()).containsEntry(CopyState.APPLIED, 100L);
        assertThat(differences).hasSize(3_100).doesNotHaveDuplicates();
    }

    @Test
    void an_outage_ends_the_audit() {
        given("m1", add("a", 1));
        database.makeUnavailable();
        assertThatThrownBy(this::audit).isInstanceOf(Unavailable.class);
        database.makeAvailable();
        topic.makeUnavailable();
        assertThatThrownBy(this::audit).isInstanceOf(Unavailable.class);
    }

    private AuditReport audit() {
        return audit(Period.ALL);
    }

    private AuditReport audit(Period period) {
        differences.clear();
        return auditing.audit(
                SUBSCRIPTION,
                period,
                note -> {
                    switch (note) {
                        case AuditNote.Found(Difference difference) -> differences.add(difference);
                        case AuditNote.Progress step -> progress.add(step);
                    }
                });
    }

    private void given(String messageId, CountEvent event) {
        given(messageId, event, PUBLISHED_AT);
    }

    private void given(String messageId, CountEvent event, Instant publishedAt) {
        var _ = handle(messageId, event, publishedAt);
    }

    private Position handle(String messageId, CountEvent event) {
        return handle(messageId, event, PUBLISHED_AT);
    }

    /** Published, delivered and acknowledged. */
    private Position handle(String messageId, CountEvent event, Instant publishedAt) {
        Position position = publish(messageId, publishedAt);
        deliver(position, messageId, event, publishedAt);
        topic.acknowledge(position);
        return position;
    }

    private Position publish(String messageId, Instant publishedAt) {
        return topic.add(Math.floorMod(messageId.hashCode(), 2), messageId, publishedAt);
    }

    private void deliver(
            Position position, String messageId, CountEvent event, Instant publishedAt) {
        Delivery<CountEvent> delivery =
                new Delivery.Decoded<>(
                        new MessageId(messageId),
                        event.key(),
                        event,
                        CounterStream.STREAM.digest(event),
                        copy(position, publishedAt));
        assertThat(inbox.apply(List.of(delivery), PlainDeciding.on(CounterStream.STREAM)))
                .isInstanceOf(Settlement.Committed.class);
    }

    private static Copy copy(Position position, Instant publishedAt) {
        return new Copy(position, publishedAt, Payload.EMPTY, "0", Map.of());
    }
}
