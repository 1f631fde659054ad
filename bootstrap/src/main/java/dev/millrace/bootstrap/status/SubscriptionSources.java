package dev.millrace.bootstrap.status;

import dev.millrace.domain.OutboxLoad;
import dev.millrace.domain.ParkedLoad;
import dev.millrace.domain.QuarantineLoad;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.SubscriptionType;
import dev.millrace.domain.flow.Backlog;
import dev.millrace.domain.flow.Latency;
import dev.millrace.domain.flow.Progress;
import dev.millrace.domain.flow.Standstill;
import dev.millrace.domain.flow.SubscriptionFlow;
import dev.millrace.domain.operations.LaneState;
import dev.millrace.domain.operations.SubscriptionName;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Where what is known of one subscription is found, part by part as they open. Thread-safe. */
public final class SubscriptionSources {

    private static final double MILLIS = 1_000;

    private final SubscriptionId id;
    private final SubscriptionType type;
    private volatile Supplier<Backlog> backlog = () -> Backlog.UNKNOWN;
    private volatile Supplier<List<LaneState>> lanes = List::of;
    private volatile BooleanSupplier interrupted = () -> false;
    private volatile Supplier<Optional<ParkedLoad>> parked = Optional::empty;
    private volatile Supplier<Optional<QuarantineLoad>> quarantined = Optional::empty;
    private volatile Supplier<Optional<OutboxLoad>> outbox = Optional::empty;

    SubscriptionSources(SubscriptionId id, SubscriptionType type) {
        this.id = Objects.requireNonNull(id);
        this.type = Objects.requireNonNull(type);
    }

    /** The broker's part. */
    public void backlog(Supplier<Backlog> known) {
        backlog = known;
    }

    /**
     * The part of this process's lanes.
     *
     * @param outage whether one holds them
     */
    public void lanes(Supplier<List<LaneState>> states, BooleanSupplier outage) {
        interrupted = outage;
        lanes = states;
    }

    /** The part of what is parked, and of what is in quarantine. */
    public void standing(Supplier<ParkedLoad> load, Supplier<Optional<QuarantineLoad>> copies) {
        parked = () -> Optional.of(load.get());
        quarantined = copies;
    }

    /** The part of what waits to be published. */
    public void outbox(Supplier<OutboxLoad> load) {
        outbox = () -> Optional.of(load.get());
    }

    SubscriptionId id() {
        return id;
    }

    /** All of it, with what was measured. */
    SubscriptionFlow flow(Progress progress, Latency lag, Latency transaction) {
        Map<LaneState, Integer> states = new EnumMap<>(LaneState.class);
        lanes.get().forEach(state -> states.merge(state, 1, Integer::sum));
        return new SubscriptionFlow(
                new SubscriptionName(id.stream(), id.name()),
                type,
                backlog.get(),
                states.isEmpty() ? Progress.UNKNOWN : progress,
                lag,
                transaction,
                states,
                interrupted.getAsBoolean(),
                standstill());
    }

    private Standstill standstill() {
        Optional<ParkedLoad> waiting = parked.get();
        Optional<OutboxLoad> unpublished = outbox.get();
        return new Standstill(
                waiting.map(load -> (double) load.keys()).orElse(Double.NaN),
                waiting.map(load -> (double) load.events()).orElse(Double.NaN),
                waiting.map(load -> load.oldest().toMillis() / MILLIS).orElse(Double.NaN),
                quarantined.get().map(load -> (double) load.copies()).orElse(Double.NaN),
                unpublished.map(load -> (double) load.events()).orElse(Double.NaN),
                unpublished.map(load -> load.oldest().toMillis() / MILLIS).orElse(Double.NaN));
    }
}
