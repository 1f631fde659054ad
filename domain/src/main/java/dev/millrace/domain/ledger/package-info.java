/**
 * The sample business that a fork replaces: credits and debits on accounts, and the rules that
 * decide about them.
 *
 * <p>Invariant: a balance is the sum of its applied entries, and never passes the overdraft limit.
 */
@NullMarked
package dev.millrace.domain.ledger;

import org.jspecify.annotations.NullMarked;
