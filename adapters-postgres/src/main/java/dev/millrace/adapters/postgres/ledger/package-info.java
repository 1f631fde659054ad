/**
 * The sample business in PostgreSQL: accounts and entries, written inside the engine's transaction
 * and read outside it.
 *
 * <p>Invariant: an account's row agrees with its entries: their number, and the balance after the
 * last.
 */
@NullMarked
package dev.millrace.adapters.postgres.ledger;

import org.jspecify.annotations.NullMarked;
