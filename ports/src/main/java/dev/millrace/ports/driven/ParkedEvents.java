package dev.millrace.ports.driven;

import dev.millrace.domain.Key;
import dev.millrace.domain.ParkedEvent;
import dev.millrace.domain.ParkedLoad;
import dev.millrace.domain.QuarantineLoad;
import dev.millrace.domain.Verdict;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The events of one subscription that wait: for each key the one at its head, which failed, and
 * what came after it. Where the subscription keeps no order, each of them is a head. Thread-safe,
 * and shared by all processes.
 *
 * @param <E> the stream's event
 * @param <S> the state of a key
 * @param <F> the effect of an accepted event
 */
public interface ParkedEvents<E, S, F> {

    /** Whether to wait for a key that another transaction holds. */
    enum Patience {
        /** Leave it to whoever holds it. */
        SKIP,
        /** Wait for it, as lanes do. */
        WAIT
    }

    /**
     * The heads whose time has come, the longest due first.
     *
     * @param limit how many at most
     * @throws dev.millrace.ports.Unavailable when the database is away
     */
    List<ParkedEvent> due(int limit);

    /**
     * A head and what waits behind it, in order; none any more when it is gone.
     *
     * @param limit how many at most
     * @throws dev.millrace.ports.Unavailable when the database is away
     */
    List<ParkedEvent> queue(ParkedEvent head, int limit);

    /**
     * Brings the first events of a key's queue to their outcomes in one transaction: what takes
     * effect or is rejected leaves the queue with its record saying so; one with a setback gets its
     * attempt written and is parked anew or goes to quarantine; what the verdict leaves parked
     * stays. The key is free again in the very transaction in which its last event leaves, so no
     * new one can come between.
     *
     * @param run the beginning of a queue as it was read; when it is so no more, nothing happens
     * @param decide the verdict on the run, from the state of its key
     * @throws dev.millrace.ports.Unavailable when the database is away or the outcome of the commit
     *     is unknown
     */
    Release release(
            List<ParkedEvent> run,
            Patience patience,
            Function<Map<Key, S>, Verdict<E, S, F>> decide);

    /**
     * How much is parked.
     *
     * @throws dev.millrace.ports.Unavailable when the database is away
     */
    ParkedLoad load();

    /**
     * How much is in quarantine.
     *
     * @throws dev.millrace.ports.Unavailable when the database is away
     */
    QuarantineLoad quarantined();
}
