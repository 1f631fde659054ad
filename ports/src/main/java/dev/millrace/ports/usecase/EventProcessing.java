package dev.millrace.ports.usecase;

import dev.millrace.domain.Breaker;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.ports.Stream;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.driven.Inbox;
import dev.millrace.ports.driven.Measurements;
import dev.millrace.ports.driven.Settlement;
import dev.millrace.ports.driving.Instruction;
import dev.millrace.ports.driving.ProcessEvents;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * Applies batches through the inbox and tells lanes what to do. One instance serves all lanes of a
 * subscription in this process, so that an outage that one of them meets holds all of them, and one
 * at a time probes.
 */
public final class EventProcessing<E, S, F> implements ProcessEvents<E> {

    private final SubscriptionId subscription;
    private final Stream<E, S, F> stream;
    private final Inbox<E, S, F> inbox;
    private final OutagePolicy policy;
    private final InstantSource clock;
    private final DoubleSupplier random;
    private final Measurements measurements;
    private final AtomicReference<Breaker> breaker = new AtomicReference<>(new Breaker.Closed());

    /**
     * Serves the lanes of one subscription.
     *
     * @param random from 0 to below 1, for the jitter of probes
     */
    public EventProcessing(
            SubscriptionId subscription,
            Stream<E, S, F> stream,
            Inbox<E, S, F> inbox,
            OutagePolicy policy,
            InstantSource clock,
            DoubleSupplier random,
            Measurements measurements) {
        this.subscription = Objects.requireNonNull(subscription);
        this.stream = Objects.requireNonNull(stream);
        this.inbox = Objects.requireNonNull(inbox);
        this.policy = Objects.requireNonNull(policy);
        this.clock = Objects.requireNonNull(clock);
        this.random = Objects.requireNonNull(random);
        this.measurements = Objects.requireNonNull(measurements);
    }

    @Override
    public Instruction process(Supplier<List<Delivery<E>>> batch) {
        Breaker before = breaker.get();
        if (before instanceof Breaker.Open open && !mayProbe(open)) {
            return pause(open, "waiting for the next probe or its result");
        }
        try {
            Instruction instruction = settle(batch.get());
            breaker.set(new Breaker.Closed());
            return instruction;
        } catch (Unavailable outage) {
            return pause(failed(before), describe(outage));
        }
    }

    /** Whether an outage is known and not yet over. */
    public boolean isInterrupted() {
        return breaker.get() instanceof Breaker.Open;
    }

    private boolean mayProbe(Breaker.Open open) {
        Instant now = clock.instant();
        return open.due(now)
                && breaker.compareAndSet(open, open.probing(now, policy.probePatience()));
    }

    /** Lanes that met the outage side by side are one failure; each failed probe is one more. */
    private Breaker.Open failed(Breaker before) {
        boolean probed = before instanceof Breaker.Open;
        Breaker after =
                breaker.updateAndGet(current ->
                        current instanceof Breaker.Open && !probed ? current : open(current));
        return (Breaker.Open) after;
    }

    private Breaker.Open open(Breaker current) {
        int failures = current instanceof Breaker.Open open ? open.failures() + 1 : 1;
        return current.failed(
                clock.instant(), policy.backoff().delay(failures, random.getAsDouble()));
    }

    private Instruction pause(Breaker.Open open, String why) {
        Instant now = clock.instant();
        Duration remaining = open.remaining(now);
        Duration cap = policy.backoff().cap();
        // While a prober is out, the others look in often enough to hear of its success.
        Duration after = remaining.compareTo(cap) > 0 ? cap : remaining;
        boolean lasts = Duration.between(open.since(), now).compareTo(policy.withdrawAfter()) >= 0;
        return lasts ? new Instruction.Withdraw(after, why) : new Instruction.Retry(after, why);
    }

    private Instruction settle(List<Delivery<E>> batch) {
        Instant start = clock.instant();
        return switch (inbox.apply(batch, stream.decide())) {
            case Settlement.Committed committed -> {
                measure(batch, committed, start);
                yield new Instruction.Acknowledge();
            }
            case Settlement.Faulted fault ->
                    new Instruction.Halt(
                            0,
                            fault.messageId().value(),
                            fault.position(),
                            describe(fault.cause()));
            case Settlement.Refused refused when batch.size() == 1 ->
                    halt(batch.getFirst(), refused.cause());
            case Settlement.Refused refused when batch.isEmpty() ->
                    throw new IllegalStateException("an empty batch refused", refused.cause());
            case Settlement.Refused refused -> settleHalves(batch);
        };
    }

    /** Narrows down whose write the database refuses; what comes before it commits on the way. */
    private Instruction settleHalves(List<Delivery<E>> batch) {
        int middle = batch.size() / 2;
        if (settle(batch.subList(0, middle)) instanceof Instruction.Halt halt) {
            return halt;
        }
        if (settle(batch.subList(middle, batch.size())) instanceof Instruction.Halt halt) {
            return new Instruction.Halt(
                    middle + halt.committed(), halt.messageId(), halt.position(), halt.why());
        }
        return new Instruction.Acknowledge();
    }

    private Instruction.Halt halt(Delivery<E> culprit, Throwable cause) {
        String messageId =
                switch (culprit) {
                    case Delivery.Decoded<E> decoded -> decoded.messageId().value();
                    case Delivery.Undecodable<E> undecodable -> undecodable.messageId();
                };
        return new Instruction.Halt(0, messageId, culprit.position(), describe(cause));
    }

    private void measure(List<Delivery<E>> batch, Settlement.Committed committed, Instant start) {
        if (batch.isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        measurements.committed(subscription, batch.size(), Duration.between(start, now));
        for (int i = 0; i < batch.size(); i++) {
            Duration lag = Duration.between(batch.get(i).copy().publishedAt(), now);
            measurements.processed(subscription, committed.outcomes().get(i), lag);
        }
    }

    private static String describe(Throwable fault) {
        Throwable cause = fault.getCause();
        return cause == null ? fault.toString() : fault + ", caused by " + cause;
    }
}
