package dev.millrace.ports.contract;

import dev.millrace.domain.Delivery;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Outcome;
import dev.millrace.domain.Position;
import dev.millrace.domain.Reason;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.Counted;
import dev.millrace.ports.counter.CounterStream;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an inbox does, said as plainly as possible: one delivery after the other, with the rules of
 * the counter inlined.
 */
final class NaiveInbox {

    private final Map<MessageId, Delivery.Decoded<CountEvent>> firsts = new HashMap<>();
    private final Map<MessageId, Integer> copies = new HashMap<>();
    private final Map<Key, Long> values = new HashMap<>();
    private final Map<Key, List<Counted>> effects = new HashMap<>();
    private final Set<Position> seen = new HashSet<>();
    private final List<QuarantinedCopy> quarantine = new ArrayList<>();

    List<Outcome> apply(List<Delivery<CountEvent>> batch) {
        List<Outcome> outcomes = new ArrayList<>();
        for (Delivery<CountEvent> delivery : batch) {
            outcomes.add(
                    seen.add(delivery.position()) ? outcome(delivery) : new Outcome.Redelivered());
        }
        return outcomes;
    }

    private Outcome outcome(Delivery<CountEvent> delivery) {
        return switch (delivery) {
            case Delivery.Undecodable<CountEvent> copy -> {
                quarantine.add(
                        new QuarantinedCopy(
                                copy.messageId(), copy.key(), Reason.UNDECODABLE, copy.copy()));
                yield new Outcome.Quarantined(Reason.UNDECODABLE);
            }
            case Delivery.Decoded<CountEvent> event -> outcome(event);
        };
    }

    private Outcome outcome(Delivery.Decoded<CountEvent> delivery) {
        MessageId messageId = delivery.messageId();
        Delivery.Decoded<CountEvent> first = firsts.get(messageId);
        if (first == null) {
            firsts.put(messageId, delivery);
            copies.put(messageId, 1);
            return decide(delivery.event());
        }
        if (first.event().equals(delivery.event())) {
            copies.merge(messageId, 1, Integer::sum);
            return new Outcome.Duplicate(first.position());
        }
        quarantine.add(
                new QuarantinedCopy(
                        messageId.value(),
                        delivery.key().value(),
                        Reason.CONFLICT,
                        delivery.copy()));
        return new Outcome.Conflict(first.position());
    }

    private Outcome decide(CountEvent event) {
        long value = stateOf(event.key()) + event.by();
        if (value > CounterStream.LIMIT) {
            return new Outcome.Rejected(CounterStream.LIMIT_PASSED);
        }
        values.put(event.key(), value);
        effects.computeIfAbsent(event.key(), key -> new ArrayList<>()).add(new Counted(value));
        return new Outcome.Applied();
    }

    long stateOf(Key key) {
        return values.getOrDefault(key, 0L);
    }

    List<Counted> effectsOf(Key key) {
        return effects.getOrDefault(key, List.of());
    }

    int copiesOf(MessageId messageId) {
        return copies.getOrDefault(messageId, 0);
    }

    List<QuarantinedCopy> quarantine() {
        return quarantine;
    }
}
