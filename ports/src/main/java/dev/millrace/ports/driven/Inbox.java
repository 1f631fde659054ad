package dev.millrace.ports.driven;

import dev.millrace.domain.Delivery;

import java.util.List;

/**
 * Where one subscription's deliveries take effect exactly once. Thread-safe: lanes call it side by
 * side, and it serialises those that meet on a key.
 *
 * @param <E> the stream's event
 * @param <S> the state of a key
 * @param <F> the effect of an accepted event
 */
@FunctionalInterface
public interface Inbox<E, S, F> {

    /**
     * Applies a batch in one transaction: idempotency records, states, effects, parked events and
     * quarantined copies commit together or not at all.
     *
     * <ul>
     *   <li>A message ID without a record is fresh: its event is decided on the state that the one
     *       before it left.
     *   <li>One with a setback is parked with its attempt, and blocks its key. What the verdict
     *       leaves parked, and every fresh event of a blocked key, is parked behind it: neither
     *       takes effect before it. Where the subscription keeps no order, no key is ever blocked.
     *   <li>The position of a record, of a copy that was counted before, or of one that lies in
     *       quarantine, is redelivered: nothing happens, whatever its digest is taken to be now.
     *   <li>Another position with the record's digest is a duplicate: the record counts one more
     *       copy, once.
     *   <li>Another position with another digest is a conflict: the copy is kept in quarantine.
     *   <li>An undecodable copy is kept in quarantine.
     *   <li>A fresh copy published before the purge's watermark is kept in quarantine, never
     *       decided.
     * </ul>
     *
     * @param batch in the order of arrival; the same message ID or position may occur in it more
     *     than once. An empty one only asks whether the database can be written to.
     * @param deciding decides the fresh events whose keys are not blocked
     * @throws dev.millrace.ports.Unavailable when the database is away or the outcome of the commit
     *     is unknown; the batch may then be given again
     */
    Settlement apply(List<Delivery<E>> batch, Deciding<E, S, F> deciding);
}
