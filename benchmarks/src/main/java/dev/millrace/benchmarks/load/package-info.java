/**
 * Load for the gate.
 *
 * <p>Invariant: the load is open: when an event is sent depends on the clock alone, and its latency
 * counts from the time at which it should have been sent, so that a slow gate cannot hide behind a
 * waiting sender.
 */
@NullMarked
package dev.millrace.benchmarks.load;

import org.jspecify.annotations.NullMarked;
