package dev.millrace.ports.usecase;

import dev.millrace.domain.Deliberation;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.Failure;
import dev.millrace.domain.FailurePolicy;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Ruling;
import dev.millrace.domain.Setback;
import dev.millrace.domain.SubscriptionType;
import dev.millrace.domain.Verdict;
import dev.millrace.ports.Stream;
import dev.millrace.ports.driven.Supervision;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/**
 * Has a stream's rules decide under supervision: an event that takes too long fails, and the rest
 * of its run goes on without it. Thread-safe.
 */
public final class DecisionMaking<E, S, F> {

    private final Stream<E, S, F> stream;
    private final SubscriptionType type;
    private final FailurePolicy policy;
    private final Supervision supervision;
    private final Duration deadline;
    private final DoubleSupplier random;

    /**
     * @param type of the subscription: where it keeps order, events wait behind one that failed
     * @param deadline of one decision
     * @param random from 0 to below 1, for the jitter of retries
     */
    public DecisionMaking(
            Stream<E, S, F> stream,
            SubscriptionType type,
            FailurePolicy policy,
            Supervision supervision,
            Duration deadline,
            DoubleSupplier random) {
        this.stream = Objects.requireNonNull(stream);
        this.type = Objects.requireNonNull(type);
        this.policy = Objects.requireNonNull(policy);
        this.supervision = Objects.requireNonNull(supervision);
        this.deadline = Objects.requireNonNull(deadline);
        this.random = Objects.requireNonNull(random);
    }

    /**
     * Decides a run.
     *
     * @param before how many tries of an event have failed so far
     * @throws dev.millrace.ports.Unavailable when as many decisions hang as may
     */
    Verdict<E, S, F> decide(
            List<Delivery.Decoded<E>> events, Map<Key, S> known, ToIntFunction<MessageId> before) {
        Deliberation<E, S, F> deliberation = begin(events, known);
        while (deliberation.open() > 0) {
            Supervision.Taken<Ruling<S, F>> taken =
                    supervision.take(deliberation.open(), deadline, deliberation.turns());
            deliberation.keep(taken.results());
            if (deliberation.open() > 0) {
                deliberation.fail(
                        Failure.Fault.overrun(deadline, taken.stack(), deliberation.code()));
            }
        }
        return deliberation.verdict(
                (event, fault) -> setback(fault, before.applyAsInt(event.messageId())));
    }

    /**
     * The verdict on events that failed without the rules: these are not asked.
     *
     * @param fault what went wrong, given the package of the stream's own code
     * @param before how many tries of each have failed so far
     */
    Verdict<E, S, F> fail(
            List<Delivery.Decoded<E>> events, Function<String, Failure.Fault> fault, int before) {
        Deliberation<E, S, F> deliberation = begin(events, Map.of());
        while (deliberation.open() > 0) {
            deliberation.fail(fault.apply(deliberation.code()));
        }
        return deliberation.verdict((_, failed) -> setback(failed, before));
    }

    /** What a fault means for an event of which so many tries have failed so far. */
    Setback setback(Failure.Fault fault, int before) {
        return new Setback(before + 1, fault, policy.after(fault, before, random.getAsDouble()));
    }

    private Deliberation<E, S, F> begin(List<Delivery.Decoded<E>> events, Map<Key, S> known) {
        return new Deliberation<>(
                events, known, stream.initial(), stream.decide(), type.keepsOrder());
    }
}
