package dev.millrace.ports.fake;

import dev.millrace.domain.Namespace;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.operations.AuditEntry;
import dev.millrace.domain.operations.Cancelling;
import dev.millrace.domain.operations.Replay;
import dev.millrace.domain.operations.ReplayBeginning;
import dev.millrace.domain.operations.ReplayFinding;
import dev.millrace.domain.operations.ReplayPlan;
import dev.millrace.domain.operations.ReplaySpan;
import dev.millrace.domain.operations.ReplayStep;
import dev.millrace.domain.operations.ReplayTally;
import dev.millrace.domain.operations.Signature;
import dev.millrace.ports.operations.driven.FinishedRecords;
import dev.millrace.ports.operations.driven.Replays;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** The replays of one tenant's namespace on an {@link InMemoryDatabase}. Thread-safe. */
public final class InMemoryReplays implements Replays, FinishedRecords {

    private final InMemoryDatabase database;
    private final Tenant tenant;
    private final Namespace namespace;
    private final InstantSource clock;
    private final TreeMap<Long, Job> jobs = new TreeMap<>();
    private long lastId;

    /** A job with what only its driver has to know. */
    private static final class Job {
        private Replay replay;
        private final List<ReplayFinding> findings = new ArrayList<>();
        private long number;
        private Instant until = Instant.MIN;

        Job(Replay replay) {
            this.replay = replay;
        }

        boolean isRunning() {
            return replay.state() == Replay.State.RUNNING;
        }
    }

    /**
     * @param clock for the leases
     */
    public InMemoryReplays(
            InMemoryDatabase database, Tenant tenant, Namespace namespace, InstantSource clock) {
        this.database = Objects.requireNonNull(database);
        this.tenant = Objects.requireNonNull(tenant);
        this.namespace = Objects.requireNonNull(namespace);
        this.clock = Objects.requireNonNull(clock);
    }

    @Override
    public ReplayBeginning begin(ReplayPlan plan, List<ReplaySpan> spans, Signature signature) {
        synchronized (database) {
            database.requireAvailable();
            Optional<Job> running = running(plan.subscription());
            if (running.isPresent()) {
                return new ReplayBeginning.Busy(running.get().replay.id());
            }
            long id = ++lastId;
            Job job =
                    new Job(
                            new Replay(
                                    id,
                                    Replay.State.RUNNING,
                                    plan,
                                    signature,
                                    spans,
                                    ReplayTally.NONE,
                                    clock.instant(),
                                    Instant.MAX,
                                    ""));
            jobs.put(id, job);
            audit(
                    "replay",
                    job,
                    signature,
                    Map.of(
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
                            Integer.toString(plan.rate())));
            change(job, job.replay.spans(), job.replay.tally());
            return new ReplayBeginning.Begun(job.replay);
        }
    }

    private Optional<Job> running(SubscriptionId subscription) {
        return jobs.values().stream()
                .filter(Job::isRunning)
                .filter(job -> job.replay.plan().subscription().equals(subscription))
                .findFirst();
    }

    @Override
    public List<Replay> list(long after, int limit) {
        synchronized (database) {
            database.requireAvailable();
            return jobs.tailMap(after, false).values().stream()
                    .limit(limit)
                    .map(job -> job.replay)
                    .toList();
        }
    }

    @Override
    public Optional<Replay> find(long id) {
        synchronized (database) {
            database.requireAvailable();
            return Optional.ofNullable(jobs.get(id)).map(job -> job.replay);
        }
    }

    @Override
    public List<ReplayFinding> findings(long id, long after, int limit) {
        synchronized (database) {
            database.requireAvailable();
            Job job = jobs.get(id);
            return job == null
                    ? List.of()
                    : job.findings.stream()
                            .filter(finding -> finding.number() > after)
                            .limit(limit)
                            .toList();
        }
    }

    @Override
    public Cancelling<Replay> cancel(long id, Signature signature) {
        synchronized (database) {
            database.requireAvailable();
            Job job = jobs.get(id);
            if (job == null) {
                return new Cancelling.Unknown<>();
            }
            if (!job.isRunning()) {
                return new Cancelling.Ended<>(job.replay);
            }
            audit("cancel", job, signature, Map.of("replayId", Long.toString(id)));
            end(job, Replay.State.CANCELLED, "cancelled by " + signature.by());
            return new Cancelling.Cancelled<>(job.replay);
        }
    }

    @Override
    public int purge(Instant endedBefore, int limit) {
        synchronized (database) {
            database.requireAvailable();
            List<Long> ended =
                    jobs.values().stream()
                            .map(job -> job.replay)
                            .filter(replay -> replay.state() != Replay.State.RUNNING)
                            .filter(replay -> replay.endedAt().isBefore(endedBefore))
                            .limit(limit)
                            .map(Replay::id)
                            .toList();
            ended.forEach(jobs::remove);
            return ended.size();
        }
    }

    @Override
    public Optional<Lease> take(SubscriptionId subscription, String holder, Duration term) {
        synchronized (database) {
            database.requireAvailable();
            Optional<Job> free =
                    running(subscription).filter(job -> job.until.isBefore(clock.instant()));
            free.ifPresent(job -> {
                job.number++;
                job.until = clock.instant().plus(term);
            });
            return free.map(job -> new Lease(job.replay, job.number));
        }
    }

    @Override
    public Optional<Replay> advance(Lease lease, Duration term, ReplayStep step) {
        synchronized (database) {
            database.requireAvailable();
            if (!isHeld(lease)) {
                return Optional.empty();
            }
            Job job = Objects.requireNonNull(jobs.get(lease.replay().id()));
            job.until = clock.instant().plus(term);
            ReplayTally tally = job.replay.tally();
            change(
                    job,
                    job.replay.spans().stream()
                            .map(span ->
                                    span.partition() == step.reached().partition()
                                            ? step.reached()
                                            : span)
                            .toList(),
                    new ReplayTally(
                            tally.copies() + step.copies(),
                            tally.inFlight() + step.inFlight(),
                            tally.purged() + step.purged(),
                            tally.found(),
                            tally.leftOut()));
            keep(lease, step.findings());
            return Optional.of(job.replay);
        }
    }

    /** Whether a job runs and is driven by this lease. */
    boolean isHeld(Lease lease) {
        Job job = jobs.get(lease.replay().id());
        return job != null && job.isRunning() && job.number == lease.number();
    }

    /** Keeps what was found. */
    void keep(Lease lease, List<ReplayFinding> findings) {
        Job job = Objects.requireNonNull(jobs.get(lease.replay().id()));
        Map<ReplayFinding.Kind, Long> found = new HashMap<>(job.replay.tally().found());
        long leftOut = job.replay.tally().leftOut();
        for (ReplayFinding finding : findings) {
            found.merge(finding.kind(), 1L, Long::sum);
            if (job.findings.size() < MAX_FINDINGS) {
                job.findings.add(
                        new ReplayFinding(
                                job.findings.size() + 1L,
                                finding.kind(),
                                finding.position(),
                                finding.messageId(),
                                finding.key(),
                                finding.detail()));
            } else {
                leftOut++;
            }
        }
        ReplayTally tally = job.replay.tally();
        ReplayTally next =
                new ReplayTally(tally.copies(), tally.inFlight(), tally.purged(), found, leftOut);
        job.replay = with(job.replay, job.replay.spans(), next);
    }

    private void change(Job job, List<ReplaySpan> spans, ReplayTally tally) {
        job.replay = with(job.replay, spans, tally);
        if (spans.stream().allMatch(ReplaySpan::isDone)) {
            end(job, Replay.State.DONE, "the end of what was to be looked at");
        }
    }

    private static Replay with(Replay replay, List<ReplaySpan> spans, ReplayTally tally) {
        return new Replay(
                replay.id(),
                replay.state(),
                replay.plan(),
                replay.signature(),
                spans,
                tally,
                replay.startedAt(),
                replay.endedAt(),
                replay.detail());
    }

    private void end(Job job, Replay.State state, String detail) {
        Replay replay = job.replay;
        job.replay =
                new Replay(
                        replay.id(),
                        state,
                        replay.plan(),
                        replay.signature(),
                        replay.spans(),
                        replay.tally(),
                        replay.startedAt(),
                        clock.instant(),
                        detail);
    }

    private void audit(String act, Job job, Signature signature, Map<String, String> details) {
        SubscriptionId subscription = job.replay.plan().subscription();
        if (!subscription.tenant().equals(tenant) || !subscription.namespace().equals(namespace)) {
            throw new IllegalArgumentException(subscription + " is not of this namespace");
        }
        database.auditLog.add(
                new AuditEntry(
                        database.auditLog.size() + 1L,
                        clock.instant(),
                        signature,
                        act,
                        subscription.stream().value(),
                        subscription.name(),
                        "",
                        "",
                        details));
    }
}
