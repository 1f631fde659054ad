/**
 * The command {@code send}: the events of a file, to the gate.
 *
 * <p>Invariant: an event has its message ID before its first try and keeps it, and no event of a
 * key is tried while an earlier one of that key is under way, so that a retry changes neither what
 * takes effect nor in which order.
 */
@NullMarked
package dev.millrace.bootstrap.send;

import org.jspecify.annotations.NullMarked;
