package dev.millrace.ports.fake;

import dev.millrace.domain.Delivery;
import dev.millrace.domain.Key;
import dev.millrace.domain.Outcome;
import dev.millrace.domain.Position;
import dev.millrace.domain.operations.ReplayFinding;
import dev.millrace.ports.driven.Deciding;
import dev.millrace.ports.driven.Inbox;
import dev.millrace.ports.driven.Settlement;
import dev.millrace.ports.fake.InMemoryDatabase.Records;
import dev.millrace.ports.operations.driven.Gaps;
import dev.millrace.ports.operations.driven.Replays;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** The inbox of replays, on that of lanes. Thread-safe. */
public final class InMemoryGaps<E, S, F> implements Gaps<E, S, F> {

    private final InMemoryReplays replays;
    private final InMemoryInbox<E, S, F> inbox;

    /** Fills through this inbox what these replays find. */
    public InMemoryGaps(InMemoryReplays replays, InMemoryInbox<E, S, F> inbox) {
        this.replays = Objects.requireNonNull(replays);
        this.inbox = Objects.requireNonNull(inbox);
    }

    @Override
    public Inbox<E, S, F> inbox(Replays.Lease lease) {
        return (batch, deciding) -> {
            synchronized (inbox.database) {
                inbox.database.requireAvailable();
                return fill(lease, batch, deciding);
            }
        };
    }

    private Settlement fill(
            Replays.Lease lease, List<Delivery<E>> batch, Deciding<E, S, F> deciding) {
        boolean held = replays.isHeld(lease);
        boolean anyOrder = lease.replay().plan().outOfOrder();
        List<Delivery<E>> admitted =
                batch.stream()
                        .filter(delivery -> held && (anyOrder || !isOvertaken(delivery)))
                        .toList();
        Settlement settlement = inbox.apply(admitted, deciding);
        if (!(settlement instanceof Settlement.Committed(List<Outcome> reached))) {
            return settlement;
        }
        List<Outcome> outcomes = new ArrayList<>();
        List<ReplayFinding> filled = new ArrayList<>();
        for (Delivery<E> delivery : batch) {
            int index = admitted.indexOf(delivery);
            Outcome outcome = index < 0 ? new Outcome.Redelivered() : reached.get(index);
            outcomes.add(outcome);
            if (!(outcome instanceof Outcome.Redelivered)) {
                filled.add(ReplayFinding.filled(delivery, InMemoryInbox.word(outcome)));
            }
        }
        if (held) {
            replays.keep(lease, filled);
        }
        return new Settlement.Committed(outcomes);
    }

    private boolean isOvertaken(Delivery<E> delivery) {
        Records records = inbox.database.recordsOf(inbox.subscription);
        if (!(delivery instanceof Delivery.Decoded<E> event)
                || records.byMessageId.containsKey(event.messageId())) {
            return false;
        }
        Key key = event.key();
        Position last =
                records.latest(event.position().partition(), Set.of(key))
                        .getOrDefault(key, event.position());
        return event.position().isBefore(last);
    }
}
