/**
 * PostgreSQL: where a subscription's events take effect exactly once, where what became of them is
 * read and audited, and where people deal with those that need them.
 *
 * <p>Invariant: idempotency record, effect, parked event, quarantined copy and its entry in the
 * outbox commit in one transaction or not at all, and a batch is only called committed when the
 * database has said so without reservation. Locks are taken in one order on every path: key rows,
 * then quarantined events by ID, then idempotency records, then states; keys and message IDs
 * bytewise. Needs PostgreSQL 17 or newer.
 */
@NullMarked
package dev.millrace.adapters.postgres;

import org.jspecify.annotations.NullMarked;
