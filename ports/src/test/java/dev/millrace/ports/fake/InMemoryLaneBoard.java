package dev.millrace.ports.fake;

import dev.millrace.domain.Namespace;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.operations.AuditEntry;
import dev.millrace.domain.operations.LaneOverview;
import dev.millrace.domain.operations.LanePause;
import dev.millrace.domain.operations.LaneReport;
import dev.millrace.domain.operations.Pausing;
import dev.millrace.domain.operations.ReportedLane;
import dev.millrace.domain.operations.Resuming;
import dev.millrace.domain.operations.Signature;
import dev.millrace.domain.operations.SubscriptionName;
import dev.millrace.ports.operations.driven.LaneBoard;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The lanes of one tenant's namespace on an {@link InMemoryDatabase}. Thread-safe. */
public final class InMemoryLaneBoard implements LaneBoard {

    private final InMemoryDatabase database;
    private final Tenant tenant;
    private final Namespace namespace;
    private final InstantSource clock;

    /** The lanes of all subscriptions of this tenant's streams in this namespace. */
    public InMemoryLaneBoard(
            InMemoryDatabase database, Tenant tenant, Namespace namespace, InstantSource clock) {
        this.database = Objects.requireNonNull(database);
        this.tenant = Objects.requireNonNull(tenant);
        this.namespace = Objects.requireNonNull(namespace);
        this.clock = Objects.requireNonNull(clock);
    }

    @Override
    public Optional<LanePause> report(
            SubscriptionName subscription, String process, List<LaneReport> lanes) {
        return locked(() -> {
            Instant now = clock.instant();
            InMemoryDatabase.Records records = database.recordsOf(id(subscription));
            lanes.forEach(lane ->
                    records.lanes
                            .computeIfAbsent(process, _ -> new TreeMap<>())
                            .put(lane.lane(), new ReportedLane(subscription, process, lane, now)));
            return records.pauses.stream().findFirst();
        });
    }

    @Override
    public void leave(SubscriptionName subscription, String process) {
        var _ = locked(() -> database.recordsOf(id(subscription)).lanes.remove(process) != null);
    }

    @Override
    public LaneOverview overview() {
        return locked(() -> {
            Instant since = clock.instant().minus(SILENCE);
            return new LaneOverview(
                    ours().flatMap(records -> records.lanes.values().stream())
                            .flatMap(lanes -> lanes.values().stream())
                            .filter(lane -> lane.reportedAt().isAfter(since))
                            .sorted(
                                    Comparator.comparing((ReportedLane lane) ->
                                                    lane.subscription().toString())
                                            .thenComparing(ReportedLane::process))
                            .toList(),
                    ours().flatMap(records -> records.pauses.stream()).toList());
        });
    }

    @Override
    public Pausing pause(SubscriptionName subscription, Signature signature) {
        return locked(() -> {
            if (!database.records().containsKey(id(subscription))) {
                return new Pausing.Unknown();
            }
            List<LanePause> pauses = database.recordsOf(id(subscription)).pauses;
            if (!pauses.isEmpty()) {
                return new Pausing.AlreadyPaused(pauses.getFirst());
            }
            pauses.add(new LanePause(subscription, signature, clock.instant()));
            log("pause", subscription, signature, Map.of());
            return new Pausing.Paused(pauses.getFirst());
        });
    }

    @Override
    public Resuming resume(SubscriptionName subscription, Signature signature) {
        return locked(() -> {
            if (!database.records().containsKey(id(subscription))) {
                return new Resuming.Unknown();
            }
            List<LanePause> pauses = database.recordsOf(id(subscription)).pauses;
            if (pauses.isEmpty()) {
                return new Resuming.NotPaused();
            }
            LanePause ended = pauses.removeFirst();
            log(
                    "resume",
                    subscription,
                    signature,
                    Map.of("pausedBy", ended.signature().by(), "pausedAt", ended.at().toString()));
            return new Resuming.Resumed(ended);
        });
    }

    private void log(
            String act,
            SubscriptionName subscription,
            Signature signature,
            Map<String, String> details) {
        database.auditLog.add(
                new AuditEntry(
                        database.auditLog.size() + 1L,
                        clock.instant(),
                        signature,
                        act,
                        subscription.stream().value(),
                        subscription.subscription(),
                        "",
                        "",
                        details));
    }

    private Stream<InMemoryDatabase.Records> ours() {
        return database.records().entrySet().stream()
                .filter(entry ->
                        entry.getKey().tenant().equals(tenant)
                                && entry.getKey().namespace().equals(namespace))
                .map(Map.Entry::getValue);
    }

    private <R> R locked(Supplier<R> work) {
        synchronized (database) {
            database.requireAvailable();
            return work.get();
        }
    }

    private SubscriptionId id(SubscriptionName name) {
        return new SubscriptionId(tenant, namespace, name.stream(), name.subscription());
    }
}
