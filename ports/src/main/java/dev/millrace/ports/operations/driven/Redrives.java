package dev.millrace.ports.operations.driven;

import dev.millrace.domain.operations.Cancelling;
import dev.millrace.domain.operations.QuarantineFilter;
import dev.millrace.domain.operations.Redrive;
import dev.millrace.domain.operations.RedrivePace;
import dev.millrace.domain.operations.Signature;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * The jobs that retry many quarantined events of one tenant's namespace. Thread-safe, and shared by
 * all processes: at any time one of them drives a job, by a lease; each lease has a higher number
 * than the one before, and whoever has an older one can do nothing more. Each method throws {@link
 * dev.millrace.ports.Unavailable} when the database is away, or nobody knows whether it was done.
 */
public interface Redrives {

    /** Begins a job about the events that a filter means now. */
    Redrive begin(QuarantineFilter filter, int most, Signature signature);

    /**
     * Jobs by their IDs.
     *
     * @param after only higher IDs
     * @param limit how many at most
     */
    List<Redrive> list(long after, int limit);

    /** One job. */
    Optional<Redrive> find(long id);

    /** Ends a job. */
    Cancelling<Redrive> cancel(long id, Signature signature);

    /**
     * Takes a running job that nobody drives, the oldest first.
     *
     * @param holder who takes it, for a person
     * @param term for how long, unless it is {@linkplain #advance renewed}
     */
    Optional<Lease> take(String holder, Duration term);

    /**
     * Looks how far a job has come, and has the policy say what is next: the job's pace or its end
     * are written, and the lease is renewed.
     */
    Advance advance(Lease lease, Duration term, Function<Redrive, RedrivePace.Next> policy);

    /**
     * Retries one event of a job, if the job still runs and is driven by this lease, in one
     * transaction with what the job keeps of it.
     *
     * @return whether the job still runs and is driven by this lease
     */
    boolean retry(Lease lease, long quarantineId);

    /**
     * How a job goes on.
     *
     * @param ours whether it still runs, and is driven by the lease that asked
     * @param events to retry now, in the order of their places
     */
    record Advance(boolean ours, List<Long> events) {
        public Advance {
            events = List.copyOf(events);
        }
    }

    /**
     * The right to drive a job.
     *
     * @param number higher than that of every earlier lease of the job
     */
    record Lease(long redrive, long number, Signature signature) {
        public Lease {
            Objects.requireNonNull(signature);
        }
    }
}
