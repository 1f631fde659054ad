package dev.millrace.ports.usecase;

import dev.millrace.domain.Acknowledged;
import dev.millrace.domain.AuditReport;
import dev.millrace.domain.Conservation;
import dev.millrace.domain.CopyState;
import dev.millrace.domain.CopyTraces;
import dev.millrace.domain.Difference;
import dev.millrace.domain.Finding;
import dev.millrace.domain.Period;
import dev.millrace.domain.Position;
import dev.millrace.domain.RecordedCopy;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.TopicCopy;
import dev.millrace.domain.Trace;
import dev.millrace.ports.driven.TopicLog;
import dev.millrace.ports.driven.Tracing;
import dev.millrace.ports.driving.AuditNote;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One audit: first every copy of the topic against the tables, then every record against the topic.
 * Used once, by one thread.
 *
 * <p>The second part asks the topic about no record that the first part has met. It finds out which
 * those are by the {@link Balance} of both parts, and only looks for what may be missing.
 */
final class AuditRun {

    /** So many copies, records and open questions are in memory at a time. */
    private static final int CHUNK = 1_000;

    private static final Set<Trace> ABOUT_IT = EnumSet.range(Trace.APPLIED, Trace.DISCARDED);

    private final TopicLog topic;
    private final Tracing tables;
    private final SubscriptionId subscription;
    private final Period period;
    private final Consumer<AuditNote> notes;
    private final Acknowledged acknowledged;
    private final Instant settled;

    private final Map<CopyState, Long> counts = new EnumMap<>(CopyState.class);
    private final Map<Integer, Stretch> stretches = new HashMap<>();
    private final Balance balance = new Balance();
    private final List<TopicCopy> open = new ArrayList<>();
    private long copies;
    private long records;
    private long differences;

    /** What was read of a partition. */
    private record Stretch(Acknowledged.Entry first, Acknowledged.Entry last) {}

    /**
     * @param acknowledged what was, before anything else was asked
     * @param settled up to when the records are compared that the topic should bear out
     */
    AuditRun(
            TopicLog topic,
            Tracing tables,
            SubscriptionId subscription,
            Period period,
            Consumer<AuditNote> notes,
            Acknowledged acknowledged,
            Instant settled) {
        this.topic = topic;
        this.tables = tables;
        this.subscription = subscription;
        this.period = period;
        this.notes = notes;
        this.acknowledged = acknowledged;
        this.settled = settled;
    }

    AuditReport run() {
        topic.read(subscription, period, CHUNK, this::judge);
        judgeAgain();
        forEachRecord(each -> balance.subtract(each.messageId().value(), each.position()));
        if (!balance.isEven()) {
            lookForSuspects();
        }
        return new AuditReport(counts, differences);
    }

    private void judge(List<TopicCopy> chunk) {
        List<CopyTraces> traces = tables.trace(subscription, chunk);
        for (int i = 0; i < chunk.size(); i++) {
            TopicCopy copy = chunk.get(i);
            note(copy.position());
            if (isAboutIt(traces.get(i)) && isSettled(traces.get(i).recordedAt())) {
                balance.add(copy.messageId(), copy.position());
            }
            switch (judge(copy, traces.get(i))) {
                case Finding.Accounted(CopyState state) -> count(state);
                case Finding.Amiss _ -> open.add(copy);
            }
        }
        if (open.size() >= CHUNK) {
            judgeAgain();
        }
        copies += chunk.size();
        notes.accept(new AuditNote.Progress(copies, records));
    }

    /** Asks once more about what seemed amiss, before it is told. */
    private void judgeAgain() {
        if (open.isEmpty()) {
            return;
        }
        List<CopyTraces> traces = tables.trace(subscription, open);
        for (int i = 0; i < open.size(); i++) {
            switch (judge(open.get(i), traces.get(i))) {
                case Finding.Accounted(CopyState state) -> count(state);
                case Finding.Amiss(Difference difference) -> tell(difference);
            }
        }
        open.clear();
    }

    private Finding judge(TopicCopy copy, CopyTraces traces) {
        return Conservation.judge(copy, traces.traces(), acknowledged.contains(copy.position()));
    }

    private static boolean isAboutIt(CopyTraces traces) {
        return traces.traces().stream().anyMatch(ABOUT_IT::contains);
    }

    private boolean isSettled(Instant recordedAt) {
        return recordedAt.isBefore(settled);
    }

    private void note(Position position) {
        Acknowledged.Entry entry = Acknowledged.Entry.of(position);
        stretches.merge(
                position.partition(),
                new Stretch(entry, entry),
                (known, added) -> new Stretch(known.first(), added.last()));
    }

    private void count(CopyState state) {
        counts.merge(state, 1L, Long::sum);
    }

    private void tell(Difference difference) {
        differences++;
        notes.accept(new AuditNote.Found(difference));
    }

    /** Gives each settled record that the first part should have met. */
    private void forEachRecord(Consumer<RecordedCopy> action) {
        Instant from = period.from();
        String after = "";
        List<RecordedCopy> page;
        do {
            page = tables.records(subscription, from, after, CHUNK);
            page.stream()
                    .filter(each -> isSettled(each.recordedAt()) && isWithin(each.position()))
                    .forEach(action);
            if (!page.isEmpty()) {
                from = page.getLast().publishedAt();
                after = page.getLast().messageId().value();
                records += page.size();
                notes.accept(new AuditNote.Progress(copies, records));
            }
        } while (page.size() == CHUNK);
    }

    /**
     * Whether a copy at this position would have been read. Of a partition of which nothing was
     * read nobody can tell what it has held.
     */
    private boolean isWithin(Position position) {
        Stretch stretch = stretches.get(position.partition());
        if (stretch == null) {
            return false;
        }
        Acknowledged.Entry entry = Acknowledged.Entry.of(position);
        return entry.compareTo(stretch.first()) >= 0
                && (period.isOpen() || entry.compareTo(stretch.last()) <= 0);
    }

    private void lookForSuspects() {
        List<RecordedCopy> suspects = new ArrayList<>();
        forEachRecord(each -> {
            if (balance.isSuspect(each.messageId().value())) {
                suspects.add(each);
            }
            if (suspects.size() == CHUNK) {
                lookFor(suspects);
            }
        });
        lookFor(suspects);
    }

    /** Of those that the topic does not hold, tells the ones whose record is still there. */
    private void lookFor(List<RecordedCopy> suspects) {
        if (suspects.isEmpty()) {
            return;
        }
        List<TopicCopy> missing =
                topic.unfounded(subscription, suspects).stream().map(AuditRun::supposed).toList();
        suspects.clear();
        if (missing.isEmpty()) {
            return;
        }
        List<CopyTraces> traces = tables.trace(subscription, missing);
        for (int i = 0; i < missing.size(); i++) {
            if (isAboutIt(traces.get(i))) {
                TopicCopy copy = missing.get(i);
                tell(
                        new Difference(
                                Difference.Kind.UNFOUNDED,
                                copy.position(),
                                copy.messageId(),
                                "a record is about it, and the topic does not hold it"));
            }
        }
    }

    private static TopicCopy supposed(RecordedCopy copy) {
        return new TopicCopy(copy.position(), copy.messageId().value(), copy.publishedAt());
    }
}
