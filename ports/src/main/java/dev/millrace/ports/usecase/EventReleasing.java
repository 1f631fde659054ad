package dev.millrace.ports.usecase;

import dev.millrace.domain.Backoff;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.Failure;
import dev.millrace.domain.FailurePolicy;
import dev.millrace.domain.Fate;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Outcome;
import dev.millrace.domain.ParkedEvent;
import dev.millrace.domain.Position;
import dev.millrace.domain.Reason;
import dev.millrace.domain.Setback;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Verdict;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.driven.CrashRecords;
import dev.millrace.ports.driven.Decoder;
import dev.millrace.ports.driven.Measurements;
import dev.millrace.ports.driven.ParkedEvents;
import dev.millrace.ports.driven.ParkedEvents.Patience;
import dev.millrace.ports.driven.Release;
import dev.millrace.ports.driving.CheckPause;
import dev.millrace.ports.driving.ReleaseEvents;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;

/**
 * Tries the parked events of one subscription again: the head of each key's queue when its time has
 * come, and then what waits behind it, in order and in bulk. Several processes may do so side by
 * side, since each key is one transaction's at a time. In an outage nothing is tried and nothing is
 * counted. Used by one thread.
 */
public final class EventReleasing<E, S, F> implements ReleaseEvents {

    private static final String UNDECODABLE = "undecodable";

    private final SubscriptionId subscription;
    private final ParkedEvents<E, S, F> parked;
    private final Decoder<E> decoder;
    private final DecisionMaking<E, S, F> decisions;
    private final CrashRecords crashes;
    private final Pace pace;
    private final ParkingSpace space;
    private final BooleanSupplier interrupted;
    private final CheckPause pause;
    private final InstantSource clock;
    private final DoubleSupplier random;
    private final Measurements measurements;
    private int outages;

    /**
     * How fast parked events are tried again.
     *
     * @param interval between two looks when nothing is due
     * @param afterOutage between two looks while the database or the broker is away
     * @param heads how many keys one look takes on at most
     * @param run how many events of a key one transaction takes at most
     */
    public record Pace(Duration interval, Backoff afterOutage, int heads, int run) {
        public Pace {
            Objects.requireNonNull(interval);
            Objects.requireNonNull(afterOutage);
        }
    }

    /**
     * Releases for one subscription.
     *
     * @param crashes told of each run before it is tried
     * @param space is told how much is parked
     * @param interrupted whether lanes know of an outage
     * @param pause while a person wants one, nothing is tried
     * @param random from 0 to below 1, for the jitter after an outage
     */
    public EventReleasing(
            SubscriptionId subscription,
            ParkedEvents<E, S, F> parked,
            Decoder<E> decoder,
            DecisionMaking<E, S, F> decisions,
            CrashRecords crashes,
            Pace pace,
            ParkingSpace space,
            BooleanSupplier interrupted,
            CheckPause pause,
            InstantSource clock,
            DoubleSupplier random,
            Measurements measurements) {
        this.subscription = Objects.requireNonNull(subscription);
        this.parked = Objects.requireNonNull(parked);
        this.decoder = Objects.requireNonNull(decoder);
        this.decisions = Objects.requireNonNull(decisions);
        this.crashes = Objects.requireNonNull(crashes);
        this.pace = Objects.requireNonNull(pace);
        this.space = Objects.requireNonNull(space);
        this.interrupted = Objects.requireNonNull(interrupted);
        this.pause = Objects.requireNonNull(pause);
        this.clock = Objects.requireNonNull(clock);
        this.random = Objects.requireNonNull(random);
        this.measurements = Objects.requireNonNull(measurements);
    }

    @Override
    public Duration release() {
        if (interrupted.getAsBoolean()) {
            return pace.interval();
        }
        try {
            space.note(parked.load());
            boolean more = pause.check().isEmpty() && releaseDue();
            outages = 0;
            return more ? Duration.ZERO : pace.interval();
        } catch (Unavailable outage) {
            outages++;
            return pace.afterOutage().delay(outages, random.getAsDouble());
        }
    }

    /**
     * Takes each key that nobody holds; then, waiting for them, those that somebody held, as a key
     * with much traffic is hardly ever free by chance. One that breaks us holds up no other.
     */
    private boolean releaseDue() {
        List<ParkedEvent> held = new ArrayList<>();
        List<RuntimeException> bugs = new ArrayList<>();
        List<ParkedEvent> due = parked.due(pace.heads());
        for (ParkedEvent head : due) {
            if (!release(head, Patience.SKIP, bugs)) {
                held.add(head);
            }
        }
        for (ParkedEvent head : held) {
            var _ = release(head, Patience.WAIT, bugs);
        }
        if (!bugs.isEmpty()) {
            throw bugs.getFirst();
        }
        return !due.isEmpty();
    }

    /** Whether nothing more is to be done about this head now. */
    private boolean release(ParkedEvent head, Patience patience, List<RuntimeException> bugs) {
        try {
            List<ParkedEvent> queue = parked.queue(head, pace.run());
            return queue.isEmpty() || !(settle(queue, patience) instanceof Release.Elsewhere);
        } catch (Unavailable outage) {
            throw outage;
        } catch (RuntimeException bug) {
            bugs.add(bug);
            return true;
        }
    }

    /** Brings the readable beginning of a queue to its outcomes. */
    private Release settle(List<ParkedEvent> queue, Patience patience) {
        List<Delivery.Decoded<E>> events = new ArrayList<>(queue.size());
        for (ParkedEvent waiting : queue) {
            switch (decoder.decode(waiting)) {
                case Delivery.Decoded<E> event -> events.add(event);
                case Delivery.Undecodable<E> copy when events.isEmpty() -> {
                    return fail(
                            waiting,
                            patience,
                            new Failure.Fault(UNDECODABLE, copy.cause(), List.of()));
                }
                case Delivery.Undecodable<E> _ -> {
                    return takeOn(queue.subList(0, events.size()), events, patience);
                }
            }
        }
        return takeOn(queue, events, patience);
    }

    /**
     * What stands before the first suspect has its turn, or else that one alone: at it this process
     * may die. The rest of the queue comes with the next look.
     */
    private Release takeOn(
            List<ParkedEvent> run, List<Delivery.Decoded<E>> events, Patience patience) {
        Map<Position, Integer> suspects = crashes.takeOn(events);
        int clear = 0;
        while (clear < run.size() && !suspects.containsKey(events.get(clear).position())) {
            clear++;
        }
        return clear > 0
                ? settle(run.subList(0, clear), events.subList(0, clear), patience)
                : runAlone(
                        run.getFirst(),
                        events.getFirst(),
                        suspects.getOrDefault(events.getFirst().position(), 0),
                        patience);
    }

    private Release runAlone(
            ParkedEvent head, Delivery.Decoded<E> event, int deaths, Patience patience) {
        Position position = event.position();
        Release release;
        if (FailurePolicy.isDeadly(deaths)) {
            release =
                    fail(
                            head,
                            patience,
                            new Setback(
                                    head.attempts() + 1,
                                    Failure.Fault.deaths(deaths),
                                    new Fate.Quarantine(Reason.ATTEMPTS_EXHAUSTED)));
        } else {
            crashes.enter(position);
            release = settle(List.of(head), List.of(event), patience);
        }
        if (release instanceof Release.Elsewhere) {
            crashes.leave(position);
        } else {
            crashes.acquit(position);
        }
        return release;
    }

    private Release settle(
            List<ParkedEvent> run, List<Delivery.Decoded<E>> events, Patience patience) {
        Release release = attempt(run, events, patience);
        return switch (release) {
            case Release.Committed _ -> release;
            case Release.Elsewhere _ -> release;
            case Release.Refused(Throwable cause) when run.size() == 1 ->
                    fail(run.getFirst(), patience, fault(cause, events.getFirst()));
            case Release.Refused _ -> settleHalves(run, events, patience);
            case Release.Overrun(Throwable cause) when run.size() == 1 -> {
                space.note(parked.load());
                Release again = attempt(run, events, patience);
                yield again instanceof Release.Overrun || again instanceof Release.Refused
                        ? fail(run.getFirst(), patience, fault(cause, events.getFirst()))
                        : again;
            }
            case Release.Overrun _ -> settleHalves(run, events, patience);
        };
    }

    /** The second half has its turn only when the first has left the queue. */
    private Release settleHalves(
            List<ParkedEvent> run, List<Delivery.Decoded<E>> events, Patience patience) {
        int middle = run.size() / 2;
        Release first = settle(run.subList(0, middle), events.subList(0, middle), patience);
        boolean left =
                first instanceof Release.Committed(List<Outcome> outcomes)
                        && outcomes.stream().allMatch(EventReleasing::isFinal);
        return left
                ? settle(
                        run.subList(middle, run.size()),
                        events.subList(middle, events.size()),
                        patience)
                : first;
    }

    private static boolean isFinal(Outcome outcome) {
        return outcome instanceof Outcome.Applied || outcome instanceof Outcome.Rejected;
    }

    private Release attempt(
            List<ParkedEvent> run, List<Delivery.Decoded<E>> events, Patience patience) {
        Map<MessageId, Integer> before = new HashMap<>();
        run.forEach(event -> before.put(event.messageId(), event.attempts()));
        List<Setback> setbacks = new ArrayList<>();
        Release release =
                parked.release(
                        run,
                        patience,
                        known -> {
                            Verdict<E, S, F> verdict =
                                    decisions.decide(
                                            events, known, id -> before.getOrDefault(id, 0));
                            setbacks.clear();
                            setbacks.addAll(verdict.setbacks().values());
                            return verdict;
                        });
        measure(run, release, setbacks);
        return release;
    }

    /** Counts one more failed try of an event, whose rules or writes are not to be asked again. */
    private Release fail(ParkedEvent culprit, Patience patience, Failure.Fault fault) {
        return fail(culprit, patience, decisions.setback(fault, culprit.attempts()));
    }

    private Release fail(ParkedEvent culprit, Patience patience, Setback setback) {
        List<ParkedEvent> run = List.of(culprit);
        Release release =
                parked.release(
                        run,
                        patience,
                        _ ->
                                new Verdict<>(
                                        List.of(new Outcome.Parked()),
                                        Map.of(),
                                        List.of(),
                                        Map.of(culprit.messageId(), setback)));
        switch (release) {
            case Release.Refused(Throwable cause) ->
                    throw new IllegalStateException(
                            "a failed try of " + culprit.messageId() + " cannot be written", cause);
            case Release.Overrun(Throwable cause) ->
                    throw new Unavailable("a failed try could not be written in time", cause);
            case Release.Committed _ -> measure(run, release, List.of(setback));
            case Release.Elsewhere _ -> {}
        }
        return release;
    }

    private static Failure.Fault fault(Throwable cause, Delivery.Decoded<?> event) {
        return Failure.Fault.of(cause, event.event().getClass().getPackageName());
    }

    private void measure(List<ParkedEvent> run, Release release, List<Setback> setbacks) {
        if (release instanceof Release.Committed(List<Outcome> outcomes)) {
            Instant now = clock.instant();
            for (int i = 0; i < run.size(); i++) {
                Duration lag = Duration.between(run.get(i).copy().publishedAt(), now);
                measurements.released(subscription, outcomes.get(i), lag);
            }
            setbacks.forEach(setback -> measurements.failed(subscription, setback.fate()));
        }
    }
}
