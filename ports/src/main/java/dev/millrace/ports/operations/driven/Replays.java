package dev.millrace.ports.operations.driven;

import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.operations.Cancelling;
import dev.millrace.domain.operations.Replay;
import dev.millrace.domain.operations.ReplayBeginning;
import dev.millrace.domain.operations.ReplayFinding;
import dev.millrace.domain.operations.ReplayPlan;
import dev.millrace.domain.operations.ReplaySpan;
import dev.millrace.domain.operations.ReplayStep;
import dev.millrace.domain.operations.Signature;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The jobs that go through the topics of one tenant's namespace once more. Thread-safe, and shared
 * by all processes: at any time one of them drives a job, by a lease; each lease has a higher
 * number than the one before, and whoever has an older one can do nothing more. Each method throws
 * {@link dev.millrace.ports.Unavailable} when the database is away, or nobody knows whether it was
 * done.
 */
public interface Replays {

    /** So many findings of one job are kept; more are counted only. */
    int MAX_FINDINGS = 10_000;

    /**
     * Begins a job, unless another one of the same subscription runs.
     *
     * @param spans what it is to look at; with nothing in any of them it is done at once
     */
    ReplayBeginning begin(ReplayPlan plan, List<ReplaySpan> spans, Signature signature);

    /**
     * Jobs by their IDs.
     *
     * @param after only higher IDs
     * @param limit how many at most
     */
    List<Replay> list(long after, int limit);

    /** One job. */
    Optional<Replay> find(long id);

    /**
     * What a job has found, by the number.
     *
     * @param after only higher numbers
     * @param limit how many at most
     */
    List<ReplayFinding> findings(long id, long after, int limit);

    /** Ends a job. */
    Cancelling<Replay> cancel(long id, Signature signature);

    /**
     * Takes the running job of a subscription, if nobody drives it.
     *
     * @param holder who takes it, for a person
     * @param term for how long, unless it {@linkplain #advance advances}
     */
    Optional<Lease> take(SubscriptionId subscription, String holder, Duration term);

    /**
     * Keeps what a job has found and how far it has come, and renews the lease. When nothing is
     * left to look at, it is done.
     *
     * @return the job as it is now; empty when it runs no more, or is not driven by this lease
     */
    Optional<Replay> advance(Lease lease, Duration term, ReplayStep step);

    /**
     * The right to drive a job.
     *
     * @param replay as it was when it was taken
     * @param number higher than that of every earlier lease of the job
     */
    record Lease(Replay replay, long number) {
        public Lease {
            Objects.requireNonNull(replay);
        }
    }
}
