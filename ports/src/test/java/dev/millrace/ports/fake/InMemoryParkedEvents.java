package dev.millrace.ports.fake;

import dev.millrace.domain.AfterQuarantine;
import dev.millrace.domain.Fate;
import dev.millrace.domain.Key;
import dev.millrace.domain.Outcome;
import dev.millrace.domain.ParkedEvent;
import dev.millrace.domain.ParkedLoad;
import dev.millrace.domain.QuarantineLoad;
import dev.millrace.domain.Reason;
import dev.millrace.domain.Setback;
import dev.millrace.domain.Verdict;
import dev.millrace.ports.contract.QuarantinedCopy;
import dev.millrace.ports.driven.ParkedEvents;
import dev.millrace.ports.driven.Release;
import dev.millrace.ports.fake.InMemoryDatabase.Quarantined;
import dev.millrace.ports.fake.InMemoryDatabase.Records;
import dev.millrace.ports.fake.InMemoryDatabase.Waiting;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/** What an {@link InMemoryInbox} has parked, on a subscription that keeps order. Thread-safe. */
public final class InMemoryParkedEvents<E, S, F> implements ParkedEvents<E, S, F> {

    private final InMemoryInbox<E, S, F> inbox;
    private final AfterQuarantine afterQuarantine;

    /** The events that this inbox parks. */
    public InMemoryParkedEvents(InMemoryInbox<E, S, F> inbox, AfterQuarantine afterQuarantine) {
        this.inbox = Objects.requireNonNull(inbox);
        this.afterQuarantine = Objects.requireNonNull(afterQuarantine);
    }

    private Records records() {
        inbox.database.requireAvailable();
        return inbox.database.recordsOf(inbox.subscription);
    }

    @Override
    public List<ParkedEvent> due(int limit) {
        synchronized (inbox.database) {
            Instant now = inbox.clock.instant();
            return records().parked.values().stream()
                    .filter(waiting -> !waiting.dueAt().isAfter(now))
                    .sorted(Comparator.comparing(Waiting::dueAt))
                    .limit(limit)
                    .map(Waiting::event)
                    .toList();
        }
    }

    @Override
    public List<ParkedEvent> queue(ParkedEvent head, int limit) {
        synchronized (inbox.database) {
            int most = records().awaitsPerson(head.key()) ? 1 : limit;
            List<ParkedEvent> queue =
                    records().parkedOf(head.key()).map(Waiting::event).limit(most).toList();
            return !queue.isEmpty() && queue.getFirst().equals(head) ? queue : List.of();
        }
    }

    @Override
    public Release release(
            List<ParkedEvent> run,
            Patience patience,
            Function<Map<Key, S>, Verdict<E, S, F>> decide) {
        synchronized (inbox.database) {
            Records records = records();
            Key key = run.getFirst().key();
            List<ParkedEvent> queue =
                    records.parkedOf(key).map(Waiting::event).limit(run.size()).toList();
            if (!queue.equals(run)) {
                return new Release.Elsewhere();
            }
            Verdict<E, S, F> verdict = decide.apply(inbox.states());
            if (!verdict.states().values().stream().allMatch(inbox.constraint)) {
                return new Release.Refused(
                        new IllegalStateException("a state breaks the store's constraint"));
            }
            return commit(records, run, verdict);
        }
    }

    private Release commit(Records records, List<ParkedEvent> run, Verdict<E, S, F> verdict) {
        Instant now = inbox.clock.instant();
        inbox.book(verdict, now);
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < run.size(); i++) {
            ParkedEvent event = run.get(i);
            Setback setback = verdict.setbacks().get(event.messageId());
            Outcome outcome = verdict.outcomes().get(i);
            if (setback != null) {
                records.note(event.messageId(), setback, event.copy(), now);
                outcome = setBack(records, event, setback, now);
            }
            if (!(outcome instanceof Outcome.Parked)) {
                records.parked.remove(event.sequence());
                String reason =
                        switch (outcome) {
                            case Outcome.Rejected(Reason why) -> why.value();
                            case Outcome.Quarantined(Reason why) -> why.value();
                            default -> "";
                        };
                records.restate(event.messageId(), InMemoryInbox.word(outcome), reason);
            }
            outcomes.add(outcome);
        }
        records.advance(run.getFirst().key(), now);
        return new Release.Committed(outcomes);
    }

    private Outcome setBack(Records records, ParkedEvent event, Setback setback, Instant now) {
        return switch (setback.fate()) {
            case Fate.Unchanged _ -> throw new IllegalStateException("an outage is no setback");
            case Fate.Retry(Duration delay) -> {
                ParkedEvent again =
                        new ParkedEvent(
                                event.sequence(),
                                event.messageId(),
                                event.key(),
                                event.digest(),
                                event.copy(),
                                setback.attempt());
                records.parked.put(event.sequence(), new Waiting(again, now.plus(delay)));
                yield new Outcome.Parked();
            }
            case Fate.Quarantine(Reason reason) -> {
                inbox.database.quarantine(
                        records,
                        new Quarantined(
                                new QuarantinedCopy(
                                        event.messageId().value(),
                                        event.key().value(),
                                        reason,
                                        event.copy()),
                                "after "
                                        + setback.attempt()
                                        + " attempts: "
                                        + setback.fault().type(),
                                event.digest().hex(),
                                now,
                                event.sequence(),
                                afterQuarantine == AfterQuarantine.WAITS));
                yield new Outcome.Quarantined(reason);
            }
        };
    }

    @Override
    public ParkedLoad load() {
        synchronized (inbox.database) {
            Records records = records();
            Instant now = inbox.clock.instant();
            Map<Key, Long> ofKeys =
                    records.parked.values().stream()
                            .collect(
                                    Collectors.groupingBy(
                                            waiting -> waiting.event().key(),
                                            Collectors.counting()));
            return new ParkedLoad(
                    records.parked.size(),
                    records.parked.values().stream()
                            .mapToLong(waiting -> waiting.event().copy().payload().size())
                            .sum(),
                    ofKeys.values().stream().mapToLong(Long::longValue).max().orElse(0),
                    ofKeys.size(),
                    records.quarantine.values().stream()
                            .filter(Quarantined::holdsKey)
                            .map(entry -> entry.copy().key())
                            .distinct()
                            .count(),
                    records.parked.values().stream()
                            .map(waiting -> waiting.event().copy().publishedAt())
                            .map(published -> Duration.between(published, now))
                            .filter(Duration::isPositive)
                            .max(Comparator.naturalOrder())
                            .orElse(Duration.ZERO));
        }
    }

    @Override
    public QuarantineLoad quarantined() {
        synchronized (inbox.database) {
            Instant now = inbox.clock.instant();
            return new QuarantineLoad(
                    records().quarantine.size(),
                    records().quarantine.values().stream()
                            .map(copy -> Duration.between(copy.at(), now))
                            .max(Comparator.naturalOrder())
                            .orElse(Duration.ZERO));
        }
    }
}
