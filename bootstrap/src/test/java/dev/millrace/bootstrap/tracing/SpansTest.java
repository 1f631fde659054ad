package dev.millrace.bootstrap.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millrace.adapters.pulsar.TopicName;
import dev.millrace.domain.Copy;
import dev.millrace.domain.DeadLetter;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.Digest;
import dev.millrace.domain.Failure;
import dev.millrace.domain.Fate;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.Outcome;
import dev.millrace.domain.Payload;
import dev.millrace.domain.Position;
import dev.millrace.domain.Reason;
import dev.millrace.domain.Setback;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.Verdict;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.driven.DeadLetters;
import dev.millrace.ports.driven.EventPublisher;
import dev.millrace.ports.driven.Inbox;
import dev.millrace.ports.driven.OutgoingEvent;
import dev.millrace.ports.driven.Publication;
import dev.millrace.ports.driven.Settlement;
import dev.millrace.ports.operations.driving.KeptSpan;
import dev.millrace.ports.operations.driving.KeptTrace;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What is put around ports: it does as they do, and tells of the events that are sampled. */
final class SpansTest {

    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String CALLER = "b7ad6b7169203331";
    private static final Map<String, String> SAMPLED =
            Map.of("traceparent", "00-" + TRACE + "-" + CALLER + "-01", "tracestate", "a=1");
    private static final Map<String, String> UNSAMPLED =
            Map.of("traceparent", "00-" + TRACE + "-" + CALLER + "-00");
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final SubscriptionId SUBSCRIPTION =
            new SubscriptionId(
                    new Tenant("t"), new Namespace("n"), new StreamName("counts"), "counter");

    private final Spans spans = spans(1);

    private static Spans spans(double share) {
        return new Spans(new TracingSettings(share, 1_000, ""), "1", "millrace-1", () -> NOW);
    }

    @AfterEach
    void close() {
        spans.close();
    }

    private static OutgoingEvent<String> outgoing(String id, Map<String, String> properties) {
        return new OutgoingEvent<>(new MessageId(id), new Key("k"), "event", properties);
    }

    private static Delivery<String> delivery(String id, Map<String, String> properties) {
        return new Delivery.Decoded<>(
                new MessageId(id), new Key("k"), "event", digest(), copy(properties));
    }

    private static Copy copy(Map<String, String> properties) {
        return new Copy(new Position(1, 2, 0, 0), NOW, Payload.EMPTY, "0", properties);
    }

    private static Digest digest() {
        return new Digest("0".repeat(64));
    }

    private static Setback setback(Fate fate) {
        return new Setback(1, new Failure.Fault("a.Fault", "holds amount 777", List.of()), fate);
    }

    private List<KeptSpan> kept(String messageId) {
        return spans.kept().show("", messageId, 10).stream()
                .flatMap(trace -> trace.spans().stream())
                .toList();
    }

    @Test
    void an_event_travels_with_the_span_of_its_publication_below_its_callers() {
        List<OutgoingEvent<String>> handedOver = new ArrayList<>();
        EventPublisher<String> publisher =
                spans.publisher(
                        events -> {
                            handedOver.addAll(events);
                            return List.of(
                                    new Publication.Stored(new Position(1, 2, 0, 0)),
                                    new Publication.NotStored("full"));
                        },
                        TopicName.of(SUBSCRIPTION));

        assertThat(publisher.publish(List.of(outgoing("a", SAMPLED), outgoing("b", SAMPLED))))
                .hasSize(2);

        KeptSpan stored = kept("a").getFirst();
        assertThat(stored.name()).isEqualTo("send counts");
        assertThat(stored.kind()).isEqualTo("producer");
        assertThat(stored.parent()).isEqualTo(CALLER);
        assertThat(stored.attributes()).containsEntry("millrace.position", "1:2:0:0");
        assertThat(kept("b").getFirst().failed()).isTrue();
        assertThat(handedOver.getFirst().properties())
                .isEqualTo(
                        Map.of(
                                "traceparent",
                                "00-" + TRACE + "-" + stored.id() + "-01",
                                "tracestate",
                                "a=1"));
    }

    @Test
    void what_is_not_sampled_is_handed_on_as_it_is() {
        List<OutgoingEvent<String>> handedOver = new ArrayList<>();
        EventPublisher<String> publisher =
                spans.publisher(
                        events -> {
                            handedOver.addAll(events);
                            return List.of();
                        },
                        TopicName.of(SUBSCRIPTION));
        List<OutgoingEvent<String>> events =
                List.of(
                        outgoing("a", UNSAMPLED),
                        outgoing("b", Map.of()),
                        outgoing("c", Map.of("traceparent", "no trace, whatever it is called, x1")),
                        outgoing("d", Map.of("traceparent", "00-" + "z".repeat(49) + "-01")));

        assertThat(publisher.publish(events)).isEmpty();
        assertThat(handedOver).isEqualTo(events);
        assertThat(spans.kept().show("", "", 10)).isEmpty();
    }

    @Test
    void a_batch_has_a_span_for_its_transaction_and_one_for_each_sampled_event() {
        Inbox<String, String, String> inbox =
                spans.inbox(
                        (batch, deciding) -> {
                            var _ = deciding.on(List.of(), Map.of());
                            return new Settlement.Committed(
                                    List.of(
                                            new Outcome.Applied(),
                                            new Outcome.Parked(),
                                            new Outcome.Rejected(new Reason("overdraft"))));
                        },
                        SUBSCRIPTION);

        Settlement settlement =
                inbox.apply(
                        List.of(
                                delivery("a", UNSAMPLED),
                                delivery("b", SAMPLED),
                                delivery("c", SAMPLED)),
                        (_, _) -> verdict("b", setback(new Fate.Retry(Duration.ofSeconds(1)))));

        assertThat(settlement).isInstanceOf(Settlement.Committed.class);
        assertThat(kept("a")).isEmpty();
        KeptSpan failed = kept("b").getFirst();
        assertThat(failed.name()).isEqualTo("process counts");
        assertThat(failed.parent()).isEqualTo(CALLER);
        assertThat(failed.failed()).isTrue();
        assertThat(failed.attributes())
                .containsEntry("millrace.outcome", "parked")
                .containsEntry("millrace.attempt", "1")
                .containsEntry("millrace.fate", "retry")
                .containsEntry("error.type", "a.Fault");
        assertThat(failed.attributes().values())
                .as("what an exception says may be what the event says")
                .noneMatch(value -> value.contains("777"));
        assertThat(kept("c").getFirst().attributes())
                .containsEntry("millrace.outcome", "rejected")
                .containsEntry("millrace.reason", "overdraft")
                .doesNotContainKey("millrace.attempt");
        KeptSpan.Link link = failed.links().getFirst();
        KeptTrace transaction = spans.kept().show(link.traceId(), "", 1).getFirst();
        assertThat(transaction.spans()).hasSize(1);
        assertThat(transaction.spans().getFirst().id()).isEqualTo(link.spanId());
        assertThat(transaction.spans().getFirst().attributes())
                .containsEntry("messaging.batch.message_count", "3");
        assertThat(transaction.spans().getFirst().links()).hasSize(2);
    }

    private static Verdict<String, String, String> verdict(String id, Setback setback) {
        return new Verdict<>(
                List.of(new Outcome.Parked()),
                Map.of(),
                List.of(),
                Map.of(new MessageId(id), setback));
    }

    @Test
    void an_outage_fails_the_transaction_and_no_event() {
        Inbox<String, String, String> inbox =
                spans.inbox(
                        (batch, deciding) -> {
                            throw new Unavailable("away", new IllegalStateException());
                        },
                        SUBSCRIPTION);

        assertThatThrownBy(() -> inbox.apply(List.of(delivery("a", SAMPLED)), (_, _) -> verdict()))
                .isInstanceOf(Unavailable.class);

        assertThat(kept("a")).isEmpty();
        assertThat(spans.kept().show("", "", 10))
                .singleElement()
                .satisfies(trace -> assertThat(trace.spans().getFirst().failed()).isTrue());
    }

    private static Verdict<String, String, String> verdict() {
        return new Verdict<>(List.of(), Map.of(), List.of(), Map.of());
    }

    @Test
    void a_dead_letter_follows_from_the_try_before_it_and_stays_as_it_is() {
        Inbox<String, String, String> inbox =
                spans.inbox(
                        (batch, deciding) ->
                                new Settlement.Committed(List.of(new Outcome.Parked())),
                        SUBSCRIPTION);
        var _ = inbox.apply(List.of(delivery("a", SAMPLED)), (_, _) -> verdict());
        List<DeadLetter> published = new ArrayList<>();
        DeadLetters letters =
                spans.deadLetters(
                        batch -> {
                            published.addAll(batch);
                            return Set.of(7L);
                        },
                        SUBSCRIPTION);
        List<DeadLetter> batch = List.of(letter(7, "a", SAMPLED), letter(8, "b", SAMPLED));

        assertThat(letters.publish(batch)).containsExactly(7L);

        assertThat(published).isEqualTo(batch);
        List<KeptSpan> told = kept("a");
        assertThat(told)
                .extracting(KeptSpan::name)
                .containsExactly("process counts", "send counts-counter-DLQ");
        assertThat(told.getLast().links())
                .containsExactly(new KeptSpan.Link(TRACE, told.getFirst().id()));
        assertThat(kept("b").getFirst().failed()).isTrue();
    }

    private static DeadLetter letter(long id, String messageId, Map<String, String> properties) {
        return new DeadLetter(
                id, messageId, "k", Reason.ATTEMPTS_EXHAUSTED, List.of(), copy(properties));
    }

    @Test
    void with_a_share_of_nothing_nothing_is_put_around() {
        try (Spans off = spans(0)) {
            Inbox<String, String, String> inbox =
                    (batch, deciding) -> new Settlement.Committed(List.of());
            DeadLetters letters = batch -> Set.of();

            assertThat(off.inbox(inbox, SUBSCRIPTION)).isSameAs(inbox);
            assertThat(off.deadLetters(letters, SUBSCRIPTION)).isSameAs(letters);
            assertThat(off.tracer().spanBuilder("x").startSpan().getSpanContext().isValid())
                    .isFalse();
        }
    }
}
