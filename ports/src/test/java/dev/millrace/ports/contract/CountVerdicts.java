package dev.millrace.ports.contract;

import dev.millrace.domain.Delivery;
import dev.millrace.domain.Fate;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.ParkedEvent;
import dev.millrace.domain.Verdict;
import dev.millrace.ports.counter.Count;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.Counted;
import dev.millrace.ports.counter.CounterDecoder;
import dev.millrace.ports.counter.CounterStream;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** How the contracts have parked events decided. */
public final class CountVerdicts {

    private CountVerdicts() {}

    /**
     * The verdict on the beginning of a queue.
     *
     * @param fate of an event that fails
     * @param mended tells by the message ID whether an event does not fail any more
     */
    public static Function<Map<Key, Count>, Verdict<CountEvent, Count, Counted>> on(
            List<ParkedEvent> run, Fate fate, Predicate<String> mended) {
        CounterDecoder decoder = new CounterDecoder(mended);
        Map<MessageId, Integer> attempts =
                run.stream()
                        .collect(Collectors.toMap(ParkedEvent::messageId, ParkedEvent::attempts));
        List<Delivery.Decoded<CountEvent>> events = new ArrayList<>();
        run.forEach(event -> events.add((Delivery.Decoded<CountEvent>) decoder.decode(event)));
        return known ->
                new PlainDeciding<>(CounterStream.STREAM, true)
                        .on(events, known, id -> attempts.getOrDefault(id, 0), fate);
    }
}
