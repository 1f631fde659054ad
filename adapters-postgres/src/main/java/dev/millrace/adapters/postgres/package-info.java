/**
 * PostgreSQL: where a subscription's events take effect exactly once, and where what became of them
 * is read.
 *
 * <p>Invariant: idempotency record, effect and quarantined copy commit in one transaction or not at
 * all, and a batch is only called committed when the database has said so without reservation.
 * Locks are taken in one order on every path: idempotency records, then key rows, then states, each
 * sorted bytewise. Needs PostgreSQL 17 or newer.
 */
@NullMarked
package dev.millrace.adapters.postgres;

import org.jspecify.annotations.NullMarked;
