/**
 * What every implementation of a driven port must do, as tests: its fake and its adapters run the
 * same ones.
 *
 * <p>Invariant: a contract sees the port and the few observers that it declares, never what stands
 * behind them.
 */
@NullMarked
package dev.millrace.ports.contract;

import org.jspecify.annotations.NullMarked;
