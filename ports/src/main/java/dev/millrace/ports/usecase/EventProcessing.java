package dev.millrace.ports.usecase;

import dev.millrace.domain.Breaker;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.Failure;
import dev.millrace.domain.FailurePolicy;
import dev.millrace.domain.Key;
import dev.millrace.domain.Position;
import dev.millrace.domain.Setback;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Verdict;
import dev.millrace.domain.flow.BatchShape;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.driven.CrashRecords;
import dev.millrace.ports.driven.Deciding;
import dev.millrace.ports.driven.Inbox;
import dev.millrace.ports.driven.Measurements;
import dev.millrace.ports.driven.Settlement;
import dev.millrace.ports.driving.CheckPause;
import dev.millrace.ports.driving.Instruction;
import dev.millrace.ports.driving.ProcessEvents;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Applies batches through the inbox and tells lanes what to do. One instance serves all lanes of a
 * subscription in this process, so that an outage that one of them meets holds all of them, and one
 * at a time probes.
 */
public final class EventProcessing<E, S, F> implements ProcessEvents<E> {

    private final SubscriptionId subscription;
    private final DecisionMaking<E, S, F> decisions;
    private final Inbox<E, S, F> inbox;
    private final CrashRecords crashes;
    private final OutagePolicy policy;
    private final ParkingSpace space;
    private final CheckPause pause;
    private final InstantSource clock;
    private final DoubleSupplier random;
    private final Measurements measurements;
    private final AtomicReference<Breaker> breaker = new AtomicReference<>(new Breaker.Closed());

    /**
     * Serves the lanes of one subscription.
     *
     * @param crashes told of each batch before it is run
     * @param space without which no batch is taken on: any event of it might have to be parked
     * @param pause while a person wants one, no batch is taken on either
     * @param random from 0 to below 1, for the jitter of probes
     */
    public EventProcessing(
            SubscriptionId subscription,
            DecisionMaking<E, S, F> decisions,
            Inbox<E, S, F> inbox,
            CrashRecords crashes,
            OutagePolicy policy,
            ParkingSpace space,
            CheckPause pause,
            InstantSource clock,
            DoubleSupplier random,
            Measurements measurements) {
        this.subscription = Objects.requireNonNull(subscription);
        this.decisions = Objects.requireNonNull(decisions);
        this.inbox = Objects.requireNonNull(inbox);
        this.crashes = Objects.requireNonNull(crashes);
        this.policy = Objects.requireNonNull(policy);
        this.space = Objects.requireNonNull(space);
        this.pause = Objects.requireNonNull(pause);
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
        Optional<Instruction> hindrance = hindrance();
        if (hindrance.isPresent() && before instanceof Breaker.Closed) {
            return hindrance.get();
        }
        try {
            // A prober that may take nothing on must end the outage nevertheless: what is parked
            // is not released before, and a pause is no outage.
            takeOn(hindrance.isPresent() ? List.of() : batch.get());
            breaker.set(new Breaker.Closed());
            return hindrance.orElseGet(Instruction.Acknowledge::new);
        } catch (Unavailable outage) {
            return pause(failed(before), describe(outage));
        }
    }

    /** Whether an outage is known and not yet over. */
    public boolean isInterrupted() {
        return breaker.get() instanceof Breaker.Open;
    }

    /** Why no batch is taken on though the database is there. */
    private Optional<Instruction> hindrance() {
        Optional<Instruction> wish = pause.check().map(hold -> hold);
        return wish.or(() ->
                space.shortage().map(why -> new Instruction.Retry(policy.backoff().cap(), why)));
    }

    private boolean mayProbe(Breaker.Open open) {
        Instant now = clock.instant();
        boolean ours =
                open.due(now)
                        && breaker.compareAndSet(open, open.probing(now, policy.probePatience()));
        if (ours) {
            measurements.probed(subscription);
        }
        return ours;
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

    /**
     * Brings every delivery to an outcome that is committed. What was under way in a process that
     * has not come back comes last and event by event, the likeliest culprits last of all: at the
     * one that killed it this process may die, too.
     */
    private void takeOn(List<Delivery<E>> batch) {
        Map<Position, Integer> suspects = batch.isEmpty() ? Map.of() : crashes.takeOn(read(batch));
        if (suspects.isEmpty()) {
            settle(batch);
            return;
        }
        Map<Key, Integer> deaths = new HashMap<>();
        for (Delivery.Decoded<E> event : read(batch)) {
            Integer ofEvent = suspects.get(event.position());
            if (ofEvent != null) {
                deaths.merge(event.key(), ofEvent, Math::max);
            }
        }
        List<Delivery<E>> beyondSuspicion = new ArrayList<>();
        List<Delivery.Decoded<E>> alone = new ArrayList<>();
        for (Delivery<E> delivery : batch) {
            if (delivery instanceof Delivery.Decoded<E> event && deaths.containsKey(event.key())) {
                alone.add(event);
            } else {
                beyondSuspicion.add(delivery);
            }
        }
        if (!beyondSuspicion.isEmpty()) {
            settle(beyondSuspicion);
        }
        alone.sort(Comparator.comparing(event -> deaths.getOrDefault(event.key(), 0)));
        alone.forEach(event -> runAlone(event, suspects.getOrDefault(event.position(), 0)));
    }

    private static <E> List<Delivery.Decoded<E>> read(List<Delivery<E>> batch) {
        List<Delivery.Decoded<E>> read = new ArrayList<>(batch.size());
        for (Delivery<E> delivery : batch) {
            if (delivery instanceof Delivery.Decoded<E> event) {
                read.add(event);
            }
        }
        return read;
    }

    private void runAlone(Delivery.Decoded<E> event, int deaths) {
        if (FailurePolicy.isDeadly(deaths)) {
            // Parked, not acquitted: the releaser sees the same deaths, and sets it aside.
            convict(event, _ -> Failure.Fault.deaths(deaths));
        } else {
            crashes.enter(event.position());
            settle(List.of(event));
            crashes.acquit(event.position());
        }
    }

    /** Brings every delivery to an outcome that is committed. */
    private void settle(List<Delivery<E>> batch) {
        switch (attempt(batch)) {
            case Settlement.Committed _ -> {}
            case Settlement.Refused(Throwable cause) when batch.isEmpty() ->
                    throw new IllegalStateException("an empty batch refused", cause);
            case Settlement.Refused(Throwable cause) when batch.size() == 1 ->
                    convict(batch.getFirst(), code -> Failure.Fault.of(cause, code));
            case Settlement.Refused _ -> settleHalves(batch);
            case Settlement.Overrun(Throwable cause) -> settleSlow(batch, cause);
        }
    }

    /** Narrows down whose write the database refuses; the rest commits on the way. */
    private void settleHalves(List<Delivery<E>> batch) {
        int middle = batch.size() / 2;
        settle(batch.subList(0, middle));
        settle(batch.subList(middle, batch.size()));
    }

    /**
     * Slow for everybody is an outage; slow for one event again and again is that event's fault.
     */
    private void settleSlow(List<Delivery<E>> batch, Throwable cause) {
        if (!(attempt(List.of()) instanceof Settlement.Committed)) {
            throw new Unavailable("the database is too slow", cause);
        }
        if (batch.size() > 1) {
            settleHalves(batch);
        } else if (!(attempt(batch) instanceof Settlement.Committed)) {
            convict(batch.getFirst(), code -> Failure.Fault.of(cause, code));
        }
    }

    private Settlement attempt(List<Delivery<E>> batch) {
        return attempt(batch, (events, known) -> decisions.decide(events, known, _ -> 0));
    }

    private Settlement attempt(List<Delivery<E>> batch, Deciding<E, S, F> deciding) {
        Instant start = clock.instant();
        List<Setback> setbacks = new ArrayList<>();
        Settlement settlement =
                inbox.apply(
                        batch,
                        (events, known) -> {
                            Verdict<E, S, F> verdict = deciding.on(events, known);
                            setbacks.clear();
                            setbacks.addAll(verdict.setbacks().values());
                            return verdict;
                        });
        if (settlement instanceof Settlement.Committed committed) {
            measure(batch, committed, start);
            setbacks.forEach(setback -> measurements.failed(subscription, setback.fate()));
        }
        return settlement;
    }

    /** The event is parked without the rules being asked again. */
    private void convict(Delivery<E> culprit, Function<String, Failure.Fault> fault) {
        Settlement settlement =
                attempt(List.of(culprit), (events, _) -> decisions.fail(events, fault, 0));
        switch (settlement) {
            case Settlement.Committed _ -> {}
            case Settlement.Overrun(Throwable cause) ->
                    throw new Unavailable("an event could not be parked in time", cause);
            case Settlement.Refused(Throwable again) ->
                    throw new IllegalStateException(
                            "the copy at "
                                    + culprit.position()
                                    + " can be neither applied nor kept",
                            again);
        }
    }

    private void measure(List<Delivery<E>> batch, Settlement.Committed committed, Instant start) {
        if (batch.isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        measurements.committed(subscription, BatchShape.of(batch), Duration.between(start, now));
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
