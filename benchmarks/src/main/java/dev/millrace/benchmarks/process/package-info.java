/**
 * The embedded stack and the service as child processes.
 *
 * <p>Invariant: every child holds a pipe whose other end is ours and stops when that end closes, so
 * that nothing is left running, however this process ends; and no signal of the terminal reaches a
 * child, so that they end in our order.
 */
@NullMarked
package dev.millrace.benchmarks.process;

import org.jspecify.annotations.NullMarked;
