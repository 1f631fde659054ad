package dev.millrace.ports.contract;

import dev.millrace.domain.Deliberation;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.Fate;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Setback;
import dev.millrace.domain.Verdict;
import dev.millrace.ports.Stream;
import dev.millrace.ports.driven.Deciding;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * Has a stream's rules decide on the spot, without supervision. What fails for the first time is to
 * be tried again after {@link #DELAY}.
 *
 * @param ordered whether events of one key wait for each other
 */
public record PlainDeciding<E, S, F>(Stream<E, S, F> stream, boolean ordered)
        implements Deciding<E, S, F> {

    /** Longer than any test takes. */
    public static final Duration DELAY = Duration.ofHours(1);

    /** For a subscription that keeps order. */
    public static <E, S, F> Deciding<E, S, F> on(Stream<E, S, F> stream) {
        return new PlainDeciding<>(stream, true);
    }

    @Override
    public Verdict<E, S, F> on(List<Delivery.Decoded<E>> events, Map<Key, S> known) {
        return on(events, known, _ -> 0, new Fate.Retry(DELAY));
    }

    /**
     * The same for events of which so many tries have failed, with this fate when one fails now.
     */
    public Verdict<E, S, F> on(
            List<Delivery.Decoded<E>> events,
            Map<Key, S> known,
            ToIntFunction<MessageId> before,
            Fate fate) {
        Deliberation<E, S, F> deliberation =
                new Deliberation<>(events, known, stream.initial(), stream.decide(), ordered);
        deliberation.keep(
                java.util.stream.Stream.generate(deliberation.turns())
                        .limit(events.size())
                        .toList());
        return deliberation.verdict((event, fault) ->
                new Setback(before.applyAsInt(event.messageId()) + 1, fault, fate));
    }
}
