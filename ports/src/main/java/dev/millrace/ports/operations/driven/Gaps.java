package dev.millrace.ports.operations.driven;

import dev.millrace.ports.driven.Inbox;

/**
 * Where a replay brings the copies that no table knows of to their outcomes. Thread-safe.
 *
 * @param <E> the stream's event
 * @param <S> the state of a key
 * @param <F> the effect of an accepted event
 */
@FunctionalInterface
public interface Gaps<E, S, F> {

    /**
     * The inbox of one job: that of the lanes, with two differences. In the transaction of a batch
     * it keeps what has come of each copy as a finding of the job. And it leaves alone, as if it
     * had been redelivered,
     *
     * <ul>
     *   <li>everything, when the job runs no more or is not driven by this lease;
     *   <li>an event that has no record and of whose key a later one has, or gets one meanwhile;
     *       not where the plan says out of order, nor where the subscription keeps none.
     * </ul>
     */
    Inbox<E, S, F> inbox(Replays.Lease lease);
}
