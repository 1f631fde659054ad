package dev.millrace.adapters.postgres;

import dev.millrace.adapters.postgres.InboxTables.Restatement;
import dev.millrace.adapters.postgres.ParkedTables.Attempt;
import dev.millrace.adapters.postgres.ParkedTables.Place;
import dev.millrace.domain.AfterQuarantine;
import dev.millrace.domain.Fate;
import dev.millrace.domain.Key;
import dev.millrace.domain.Outcome;
import dev.millrace.domain.ParkedEvent;
import dev.millrace.domain.Reason;
import dev.millrace.domain.Setback;
import dev.millrace.domain.SubscriptionType;
import dev.millrace.domain.Verdict;
import dev.millrace.ports.driven.ParkedEvents.Patience;
import dev.millrace.ports.driven.Release;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * One try of the beginning of one key's queue inside one transaction, which somebody else commits:
 * the key's row first, as on every path. Used once, by one thread.
 */
final class ReleaseRun<E, S, F> {

    private final Connection connection;
    private final InboxTables tables;
    private final ParkedTables parked;
    private final SubscriptionType type;
    private final StateStore<E, S, F> states;
    private final AfterQuarantine afterQuarantine;

    private final List<Outcome> outcomes = new ArrayList<>();
    private final List<Restatement> restatements = new ArrayList<>();
    private final List<Long> done = new ArrayList<>();
    private boolean awaitsPerson;

    ReleaseRun(
            Connection connection,
            InboxTables tables,
            ParkedTables parked,
            SubscriptionType type,
            StateStore<E, S, F> states,
            AfterQuarantine afterQuarantine) {
        this.connection = connection;
        this.tables = tables;
        this.parked = parked;
        this.type = type;
        this.states = states;
        this.afterQuarantine = afterQuarantine;
    }

    /** Writes what the verdict comes to; true once the transaction is committed. */
    Release release(
            List<ParkedEvent> run,
            Patience patience,
            Function<Map<Key, S>, Verdict<E, S, F>> decide)
            throws SQLException {
        if (!hold(run, patience)) {
            return new Release.Elsewhere();
        }
        Key key = run.getFirst().key();
        Verdict<E, S, F> verdict = decide.apply(states.load(connection, List.of(key)));
        if (!verdict.accepted().isEmpty()) {
            states.save(connection, verdict.states(), verdict.accepted(), tables.horizon().now());
        }
        for (int i = 0; i < run.size(); i++) {
            settle(run.get(i), verdict.outcomes().get(i), verdict);
        }
        if (!restatements.isEmpty()) {
            tables.restate(restatements);
        }
        if (!done.isEmpty()) {
            parked.remove(done);
            if (type.keepsOrder()) {
                parked.unblock(key, done.size(), awaitsPerson);
                parked.advance(key.value());
            }
        }
        return new Release.Committed(outcomes);
    }

    /** Whether the queue is ours, and begins as it was read. */
    private boolean hold(List<ParkedEvent> run, Patience patience) throws SQLException {
        ParkedEvent head = run.getFirst();
        boolean held =
                type.keepsOrder()
                        ? parked.hold(head.key(), patience)
                        : parked.hold(head.sequence(), patience);
        if (!held) {
            return false;
        }
        List<Place> places =
                type.keepsOrder()
                        ? parked.places(head.key(), run.size())
                        : parked.place(head.sequence());
        return places.equals(
                run.stream().map(event -> new Place(event.sequence(), event.attempts())).toList());
    }

    private void settle(ParkedEvent event, Outcome outcome, Verdict<E, S, F> verdict)
            throws SQLException {
        Setback setback = verdict.setbacks().get(event.messageId());
        if (setback != null) {
            parked.note(List.of(new Attempt(event.messageId(), setback, event.copy().traceId())));
            outcomes.add(setBack(event, setback));
            return;
        }
        switch (outcome) {
            case Outcome.Applied _ -> leave(event, "applied", "");
            case Outcome.Rejected(Reason reason) -> leave(event, "rejected", reason.value());
            case Outcome.Parked _ -> {}
            case Outcome.Quarantined _,
                    Outcome.Duplicate _,
                    Outcome.Conflict _,
                    Outcome.Redelivered _ ->
                    throw new IllegalStateException("no verdict on an event is " + outcome);
        }
        outcomes.add(outcome);
    }

    private Outcome setBack(ParkedEvent event, Setback setback) throws SQLException {
        return switch (setback.fate()) {
            case Fate.Unchanged _ -> throw new IllegalStateException("an outage is no setback");
            case Fate.Retry(Duration delay) -> {
                parked.setBack(event.sequence(), setback.attempt(), delay);
                yield new Outcome.Parked();
            }
            case Fate.Quarantine(Reason reason) -> {
                awaitsPerson = type.keepsOrder() && afterQuarantine == AfterQuarantine.WAITS;
                parked.quarantine(
                        event.sequence(),
                        reason,
                        "after " + setback.attempt() + " attempts: " + setback.fault().type(),
                        awaitsPerson);
                leave(event, "quarantined", reason.value());
                yield new Outcome.Quarantined(reason);
            }
        };
    }

    private void leave(ParkedEvent event, String state, String reason) {
        restatements.add(new Restatement(event.messageId(), state, reason));
        done.add(event.sequence());
    }
}
