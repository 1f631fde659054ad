package dev.millrace.ports.usecase.operations;

import dev.millrace.domain.Acknowledged;
import dev.millrace.domain.Backoff;
import dev.millrace.domain.Conservation;
import dev.millrace.domain.CopyState;
import dev.millrace.domain.CopyTraces;
import dev.millrace.domain.Delivery;
import dev.millrace.domain.Difference;
import dev.millrace.domain.Finding;
import dev.millrace.domain.Key;
import dev.millrace.domain.Position;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.SubscriptionType;
import dev.millrace.domain.TopicCopy;
import dev.millrace.domain.Trace;
import dev.millrace.domain.operations.Replay;
import dev.millrace.domain.operations.ReplayFinding;
import dev.millrace.domain.operations.ReplayMode;
import dev.millrace.domain.operations.ReplaySpan;
import dev.millrace.domain.operations.ReplayStep;
import dev.millrace.ports.Unavailable;
import dev.millrace.ports.driven.Inbox;
import dev.millrace.ports.driven.TopicLog;
import dev.millrace.ports.driven.Tracing;
import dev.millrace.ports.driving.Instruction;
import dev.millrace.ports.driving.ProcessEvents;
import dev.millrace.ports.operations.driven.Gaps;
import dev.millrace.ports.operations.driven.Playback;
import dev.millrace.ports.operations.driven.Replays;
import dev.millrace.ports.operations.driving.DriveReplays;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.function.Function;

/**
 * Drives the replays of one subscription, one chunk of copies at a time. What a chunk has come to
 * is in the database before the next one, so that another process goes on where this one dies.
 *
 * <p>What was acknowledged is asked before the tables are, as an audit does. The tables are asked
 * again after gaps were filled: what they say then is what is told, whoever filled them. Used by
 * one thread.
 */
public final class Replaying<E, S, F> implements DriveReplays {

    private static final int CHUNK = 1_000;
    private static final Duration IDLE = Duration.ofSeconds(1);

    /** As many seconds without a word, and another process takes over. */
    private static final Duration TERM = Duration.ofSeconds(10);

    private final SubscriptionId subscription;
    private final SubscriptionType type;
    private final Replays replays;
    private final TopicLog topic;
    private final Playback<E> playback;
    private final Tracing tables;
    private final Gaps<E, S, F> gaps;
    private final Function<Inbox<E, S, F>, ProcessEvents<E>> processing;
    private final String holder;
    private final Backoff afterOutage;
    private final DoubleSupplier random;
    private Optional<Run<E>> run = Optional.empty();
    private int outages;

    /**
     * The job that this process drives.
     *
     * @param replay how far it has come
     */
    private record Run<E>(Replays.Lease lease, Replay replay, ProcessEvents<E> filling) {}

    /** A copy, with what the tables say of it. */
    private record Looked<E>(Delivery<E> copy, CopyTraces traces, Finding finding) {

        boolean isAmiss() {
            return finding instanceof Finding.Amiss;
        }

        boolean isLost() {
            return finding instanceof Finding.Amiss(Difference difference)
                    && difference.kind() == Difference.Kind.LOST;
        }

        boolean is(CopyState state) {
            return finding.equals(new Finding.Accounted(state));
        }
    }

    /**
     * Serves one subscription.
     *
     * @param processing brings batches to their outcomes through an inbox, as lanes do
     * @param holder the name of this process, for a person
     * @param random from 0 to below 1, for the jitter after an outage
     */
    public Replaying(
            SubscriptionId subscription,
            SubscriptionType type,
            Replays replays,
            TopicLog topic,
            Playback<E> playback,
            Tracing tables,
            Gaps<E, S, F> gaps,
            Function<Inbox<E, S, F>, ProcessEvents<E>> processing,
            String holder,
            Backoff afterOutage,
            DoubleSupplier random) {
        this.subscription = Objects.requireNonNull(subscription);
        this.type = Objects.requireNonNull(type);
        this.replays = Objects.requireNonNull(replays);
        this.topic = Objects.requireNonNull(topic);
        this.playback = Objects.requireNonNull(playback);
        this.tables = Objects.requireNonNull(tables);
        this.gaps = Objects.requireNonNull(gaps);
        this.processing = Objects.requireNonNull(processing);
        this.holder = Objects.requireNonNull(holder);
        this.afterOutage = Objects.requireNonNull(afterOutage);
        this.random = Objects.requireNonNull(random);
    }

    @Override
    public Duration drive() {
        try {
            if (run.isEmpty()) {
                run = replays.take(subscription, holder, TERM).map(this::take);
            }
            Duration pause = run.map(this::step).orElse(IDLE);
            outages = 0;
            return pause;
        } catch (Unavailable outage) {
            outages++;
            return afterOutage.delay(outages, random.getAsDouble());
        }
    }

    private Run<E> take(Replays.Lease lease) {
        return new Run<>(lease, lease.replay(), processing.apply(gaps.inbox(lease)));
    }

    /** One chunk; answers for how long it has used up the rate. */
    private Duration step(Run<E> current) {
        int rate = current.replay().plan().rate();
        ReplaySpan span =
                current.replay().spans().stream()
                        .filter(each -> !each.isDone())
                        .findFirst()
                        .orElseThrow(() -> new IllegalStateException("a job runs on nothing"));
        Acknowledged acknowledged = topic.acknowledged(subscription);
        Playback.Stretch<E> stretch = playback.read(span, Math.min(CHUNK, rate));
        List<Looked<E>> looked = look(acknowledged, stretch.copies());
        List<Delivery<E>> lost =
                looked.stream().filter(Looked::isLost).<Delivery<E>>map(Looked::copy).toList();
        if (!lost.isEmpty() && current.replay().plan().mode() == ReplayMode.FILL_GAPS) {
            Instruction done = current.filling().process(() -> lost);
            switch (done) {
                case Instruction.Acknowledge _ -> looked = lookAgain(acknowledged, looked);
                case Instruction.Hold _ -> {
                    return IDLE;
                }
                case Instruction.Retry(Duration after, String _) -> {
                    return after;
                }
                case Instruction.Withdraw(Duration after, String _) -> {
                    return after;
                }
            }
        }
        run =
                replays.advance(current.lease(), TERM, sum(stretch.rest(), looked))
                        .filter(Replay::isRunning)
                        .map(replay -> new Run<>(current.lease(), replay, current.filling()));
        return Duration.ofSeconds(looked.size()).dividedBy(rate);
    }

    /** What the tables say of copies; what seems amiss is looked at twice. */
    private List<Looked<E>> look(Acknowledged acknowledged, List<Delivery<E>> copies) {
        return copies.isEmpty()
                ? List.of()
                : lookAgain(acknowledged, lookOnce(acknowledged, copies));
    }

    private List<Looked<E>> lookAgain(Acknowledged acknowledged, List<Looked<E>> looked) {
        List<Delivery<E>> amiss =
                looked.stream().filter(Looked::isAmiss).<Delivery<E>>map(Looked::copy).toList();
        if (amiss.isEmpty()) {
            return looked;
        }
        Map<Position, Looked<E>> again = new HashMap<>();
        lookOnce(acknowledged, amiss).forEach(each -> again.put(each.copy().position(), each));
        return looked.stream()
                .map(each -> again.getOrDefault(each.copy().position(), each))
                .toList();
    }

    private List<Looked<E>> lookOnce(Acknowledged acknowledged, List<Delivery<E>> copies) {
        List<TopicCopy> asked = copies.stream().map(Replaying::topicCopy).toList();
        List<CopyTraces> traces = tables.trace(subscription, asked);
        List<Looked<E>> looked = new ArrayList<>(copies.size());
        for (int i = 0; i < copies.size(); i++) {
            TopicCopy copy = asked.get(i);
            looked.add(
                    new Looked<>(
                            copies.get(i),
                            traces.get(i),
                            Conservation.judge(
                                    copy,
                                    traces.get(i).traces(),
                                    acknowledged.contains(copy.position()))));
        }
        return looked;
    }

    private static TopicCopy topicCopy(Delivery<?> delivery) {
        String messageId =
                switch (delivery) {
                    case Delivery.Decoded<?> event -> event.messageId().value();
                    case Delivery.Undecodable<?> copy -> copy.messageId();
                };
        return new TopicCopy(delivery.position(), messageId, delivery.copy().publishedAt());
    }

    private ReplayStep sum(ReplaySpan rest, List<Looked<E>> looked) {
        Set<Position> overtaken = overtaken(rest.partition(), looked);
        List<ReplayFinding> findings = new ArrayList<>();
        for (Looked<E> each : looked) {
            if (each.finding() instanceof Finding.Amiss(Difference difference)) {
                findings.add(
                        ReplayFinding.of(
                                difference,
                                key(each.copy()),
                                overtaken.contains(each.copy().position())));
            }
        }
        return new ReplayStep(
                rest,
                looked.size(),
                looked.stream().filter(each -> each.is(CopyState.IN_FLIGHT)).count(),
                looked.stream().filter(each -> each.is(CopyState.PURGED)).count(),
                findings);
    }

    private static String key(Delivery<?> delivery) {
        return switch (delivery) {
            case Delivery.Decoded<?> event -> event.key().value();
            case Delivery.Undecodable<?> copy -> copy.key();
        };
    }

    /**
     * Behind which lost events a later one of their key has a record. A further copy of a recorded
     * event has no effect, so that its place does not matter.
     */
    private Set<Position> overtaken(int partition, List<Looked<E>> looked) {
        List<Delivery.Decoded<E>> events = new ArrayList<>();
        for (Looked<E> each : looked) {
            if (each.isLost()
                    && each.copy() instanceof Delivery.Decoded<E> event
                    && !each.traces().traces().contains(Trace.RECORDED_ELSEWHERE)) {
                events.add(event);
            }
        }
        if (events.isEmpty() || !type.keepsOrder()) {
            return Set.of();
        }
        Set<Key> keys = new HashSet<>();
        events.forEach(event -> keys.add(event.key()));
        Map<Key, Position> latest = tables.latest(subscription, partition, keys);
        Set<Position> overtaken = new HashSet<>();
        for (Delivery.Decoded<E> event : events) {
            Position last = latest.getOrDefault(event.key(), event.position());
            if (event.position().isBefore(last)) {
                overtaken.add(event.position());
            }
        }
        return overtaken;
    }
}
