package dev.millrace.bootstrap.tracing;

import dev.millrace.adapters.pulsar.TopicName;
import dev.millrace.domain.Copy;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.Outcome;
import dev.millrace.domain.ParkedEvent;
import dev.millrace.domain.Setback;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Verdict;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Tells what one transaction made of the events of a run: a span for the transaction, in a trace of
 * its own, and one for each event in the event's trace, linked to it. All of them are made when the
 * transaction is over, and only for events that are sampled. Thread-safe.
 *
 * @param way by which the events came: {@code lane}, {@code release} or {@code replay}
 * @param replay the job that brought them; 0 for none
 */
record RunSpans(EventSpans spans, SubscriptionId subscription, String way, long replay) {

    private static final String LANE = "lane";

    /** An event of a run that is sampled, and its place among all of the run. */
    record Member(int index, String messageId, Copy copy, Context trace) {}

    /** The same for the events of one job. */
    RunSpans of(long job) {
        return new RunSpans(spans, subscription, way, job);
    }

    Instant now() {
        return spans.now();
    }

    /** The sampled ones of a batch. */
    static List<Member> ofBatch(List<? extends Delivery<?>> batch) {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            Delivery<?> delivery = batch.get(i);
            add(members, i, messageId(delivery), delivery.copy());
        }
        return members;
    }

    /** The sampled ones of a key's queue. */
    static List<Member> ofQueue(List<ParkedEvent> queue) {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < queue.size(); i++) {
            add(members, i, queue.get(i).messageId().value(), queue.get(i).copy());
        }
        return members;
    }

    /** Keeps of the last verdict which tries have failed, by message ID. */
    static void note(Verdict<?, ?, ?> verdict, Map<String, Setback> setbacks) {
        setbacks.clear();
        verdict.setbacks().forEach((id, setback) -> setbacks.put(id.value(), setback));
    }

    private static void add(List<Member> members, int index, String messageId, Copy copy) {
        CarriedTrace.of(copy.properties())
                .ifPresent(trace -> members.add(new Member(index, messageId, copy, trace)));
    }

    private static String messageId(Delivery<?> delivery) {
        return switch (delivery) {
            case Delivery.Decoded<?> event -> event.messageId().value();
            case Delivery.Undecodable<?> copy -> copy.messageId();
        };
    }

    /**
     * It is committed.
     *
     * @param outcomes of all events of the run, in its order
     * @param setbacks by message ID
     */
    void committed(
            List<Member> members,
            Instant start,
            List<Outcome> outcomes,
            Map<String, Setback> setbacks) {
        Instant end = now();
        Span transaction = transaction(members, start, outcomes.size());
        transaction.end(end);
        for (Member member : members) {
            tell(member, start, end, transaction.getSpanContext(), outcomes, setbacks);
        }
    }

    /** Nothing of it is committed, so no event has come any further. */
    void failed(List<Member> members, Instant start, int size, Throwable why) {
        Span transaction = transaction(members, start, size);
        transaction.setAttribute(Names.ERROR, why.getClass().getName());
        transaction.setStatus(StatusCode.ERROR);
        transaction.end(now());
    }

    private Span transaction(List<Member> members, Instant start, int size) {
        SpanBuilder span =
                spans.tracer()
                        .spanBuilder("transaction " + subscription.stream())
                        .setParent(Context.root().with(RootSampler.WANTED, true))
                        .setSpanKind(SpanKind.CLIENT)
                        .setAttribute("db.system.name", "postgresql")
                        .setAttribute(Names.SUBSCRIPTION, subscription.name())
                        .setAttribute(Names.WAY, way)
                        .setAttribute(Names.MESSAGES, (long) size)
                        .setStartTimestamp(start);
        members.forEach(member -> span.addLink(Span.fromContext(member.trace()).getSpanContext()));
        return span.startSpan();
    }

    private void tell(
            Member member,
            Instant start,
            Instant end,
            SpanContext transaction,
            List<Outcome> outcomes,
            Map<String, Setback> setbacks) {
        Outcome outcome = outcomes.get(member.index());
        SpanBuilder builder =
                spans.about(
                                member.trace(),
                                SpanKind.CONSUMER,
                                "process",
                                subscription.stream().value(),
                                member.messageId())
                        .setAttribute(Names.OPERATION_TYPE, "process")
                        .setAttribute(Names.DESTINATION, TopicName.of(subscription).toString())
                        .setAttribute(Names.SUBSCRIPTION, subscription.name())
                        .setAttribute(Names.POSITION, member.copy().position().toString())
                        .setAttribute(Names.WAY, way)
                        .setAttribute(Names.OUTCOME, outcome.word())
                        .addLink(transaction)
                        .setStartTimestamp(start);
        if (replay > 0) {
            builder.setAttribute(Names.REPLAY, replay);
        }
        if (!way.equals(LANE)) {
            spans.linkToLast(builder, member.trace(), member.messageId());
        }
        Span span = builder.startSpan();
        switch (outcome) {
            case Outcome.Rejected(var reason) -> span.setAttribute(Names.REASON, reason.value());
            case Outcome.Quarantined(var reason) -> {
                span.setAttribute(Names.REASON, reason.value());
                setBack(span, member, setbacks);
            }
            case Outcome.Parked _ -> setBack(span, member, setbacks);
            case Outcome.Applied _,
                    Outcome.Duplicate _,
                    Outcome.Conflict _,
                    Outcome.Redelivered _ -> {
                // Their word says all that there is to say.
            }
        }
        span.end(end);
    }

    /** What only waits behind another event has none. */
    private static void setBack(Span span, Member member, Map<String, Setback> setbacks) {
        Setback setback = setbacks.get(member.messageId());
        if (setback != null) {
            span.setAttribute(Names.ATTEMPT, (long) setback.attempt());
            span.setAttribute(Names.FATE, setback.fate().word());
            span.setAttribute(Names.ERROR, setback.fault().type());
            span.setStatus(StatusCode.ERROR);
        }
    }
}
