package dev.millrace.adapters.postgres;

import dev.millrace.domain.Namespace;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.operations.Cancelling;
import dev.millrace.domain.operations.Replay;
import dev.millrace.domain.operations.ReplayBeginning;
import dev.millrace.domain.operations.ReplayFinding;
import dev.millrace.domain.operations.ReplayPlan;
import dev.millrace.domain.operations.ReplaySpan;
import dev.millrace.domain.operations.ReplayStep;
import dev.millrace.domain.operations.Signature;
import dev.millrace.ports.operations.driven.FinishedRecords;
import dev.millrace.ports.operations.driven.Replays;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The replays of one tenant's namespace. Whoever writes about a job holds its row, and a driver
 * finds it only with the number of its lease. Thread-safe.
 */
public final class PostgresReplays implements Replays, FinishedRecords {

    private static final String END_OF_TOPIC = "the end of what was to be looked at";

    private final PostgresDatabase database;
    private final Tenant tenant;
    private final Namespace namespace;

    /** The jobs about this tenant's streams in this namespace. */
    public PostgresReplays(PostgresDatabase database, Tenant tenant, Namespace namespace) {
        this.database = Objects.requireNonNull(database);
        this.tenant = Objects.requireNonNull(tenant);
        this.namespace = Objects.requireNonNull(namespace);
    }

    @Override
    public ReplayBeginning begin(ReplayPlan plan, List<ReplaySpan> spans, Signature signature) {
        return new Acts(database, "a replay")
                .run(connection -> {
                    int subscription = database.subscriptionId(plan.subscription());
                    ReplayTables jobs = jobs(connection);
                    long id = jobs.add(subscription, plan, spans, signature);
                    if (id == 0) {
                        return new ReplayBeginning.Busy(jobs.running(subscription).orElse(0L));
                    }
                    jobs.log("replay", signature, jobs.find(id).orElseThrow(), details(plan));
                    endIfDone(jobs, id);
                    return new ReplayBeginning.Begun(jobs.find(id).orElseThrow());
                });
    }

    private static Map<String, String> details(ReplayPlan plan) {
        return Map.of(
                "mode",
                plan.mode().word(),
                "outOfOrder",
                Boolean.toString(plan.outOfOrder()),
                "from",
                plan.scope().from().toString(),
                "to",
                plan.scope().to().toString(),
                "rate",
                Integer.toString(plan.rate()));
    }

    private static void endIfDone(ReplayTables jobs, long id) throws SQLException {
        if (jobs.find(id).orElseThrow().spans().stream().allMatch(ReplaySpan::isDone)) {
            jobs.end(id, Replay.State.DONE.word(), END_OF_TOPIC);
        }
    }

    @Override
    public List<Replay> list(long after, int limit) {
        return database.read(
                "the list of replays", connection -> jobs(connection).list(after, limit));
    }

    @Override
    public Optional<Replay> find(long id) {
        return database.read("a replay", connection -> jobs(connection).find(id));
    }

    @Override
    public List<ReplayFinding> findings(long id, long after, int limit) {
        return database.read(
                "what a replay has found",
                connection -> jobs(connection).findings(id, after, limit));
    }

    @Override
    public Cancelling<Replay> cancel(long id, Signature signature) {
        return new Acts(database, "the end of a replay")
                .run(connection -> jobs(connection).cancel(id, signature));
    }

    @Override
    public int purge(Instant endedBefore, int limit) {
        return new Acts(database, "the purge of replays")
                .run(connection -> jobs(connection).purge(endedBefore, limit));
    }

    @Override
    public Optional<Lease> take(SubscriptionId subscription, String holder, Duration term) {
        return new Acts(database, "the lease of a replay")
                .run(connection ->
                        jobs(connection).take(database.subscriptionId(subscription), holder, term));
    }

    @Override
    public Optional<Replay> advance(Lease lease, Duration term, ReplayStep step) {
        return new Acts(database, "a replay's step")
                .run(connection -> {
                    ReplayTables jobs = jobs(connection);
                    if (!jobs.hold(lease)) {
                        return Optional.empty();
                    }
                    jobs.advance(lease.replay().id(), term, step);
                    endIfDone(jobs, lease.replay().id());
                    return jobs.find(lease.replay().id());
                });
    }

    private ReplayTables jobs(Connection connection) {
        return new ReplayTables(connection, tenant, namespace);
    }
}
