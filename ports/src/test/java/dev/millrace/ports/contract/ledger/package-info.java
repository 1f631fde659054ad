/**
 * What every implementation of the sample business's driven ports must do, as tests.
 *
 * <p>Invariant: a contract sees the port and the few observers that it declares, never what stands
 * behind them.
 */
@NullMarked
package dev.millrace.ports.contract.ledger;

import org.jspecify.annotations.NullMarked;
