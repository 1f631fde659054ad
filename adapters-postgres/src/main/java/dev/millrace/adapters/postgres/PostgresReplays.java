package dev.millrace.adapters.postgres;

import dev.millrace.domain.Namespace;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.operations.Replay;
import dev.millrace.domain.operations.ReplayBeginning;
import dev.millrace.domain.operations.ReplayCancelling;
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
                    audit(connection, "replay", signature, plan, details(id, plan));
                    endIfDone(jobs, id);
                    return new ReplayBeginning.Begun(jobs.find(id).orElseThrow());
                });
    }

    private static Map<String, String> details(long id, ReplayPlan plan) {
        return Map.of(
                "replayId",
                Long.toString(id),
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
            jobs.end(id, Replay.State.DONE, END_OF_TOPIC);
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
    public ReplayCancelling cancel(long id, Signature signature) {
        return new Acts(database, "the end of a replay")
                .run(connection -> {
                    Optional<Replay> job = jobs(connection).hold(id);
                    return job.isEmpty()
                            ? new ReplayCancelling.Unknown()
                            : cancel(connection, job.get(), signature);
                });
    }

    private ReplayCancelling cancel(Connection connection, Replay job, Signature signature)
            throws SQLException {
        if (job.state() != Replay.State.RUNNING) {
            return new ReplayCancelling.Ended(job);
        }
        jobs(connection).end(job.id(), Replay.State.CANCELLED, "cancelled by " + signature.by());
        audit(
                connection,
                "cancel",
                signature,
                job.plan(),
                Map.of("replayId", Long.toString(job.id())));
        return new ReplayCancelling.Cancelled(jobs(connection).find(job.id()).orElseThrow());
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

    private void audit(
            Connection connection,
            String act,
            Signature signature,
            ReplayPlan plan,
            Map<String, String> details)
            throws SQLException {
        long _ =
                new AuditTable(connection, tenant, namespace)
                        .add(
                                act,
                                signature,
                                new AuditTable.Subject(
                                        plan.subscription().stream().value(),
                                        plan.subscription().name(),
                                        "",
                                        "",
                                        0),
                                details);
    }

    private ReplayTables jobs(Connection connection) {
        return new ReplayTables(connection, tenant, namespace);
    }
}
