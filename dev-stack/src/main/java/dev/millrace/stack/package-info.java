/**
 * Starts, finds and stops the embedded stack: a real Pulsar standalone broker and a real PostgreSQL
 * as child processes. It uses nothing but the JDK, so any module may use it in its tests.
 *
 * <p>Invariant: every child holds a pipe whose other end is its starter's, and stops when that end
 * closes; so nothing is left running, whoever dies how.
 */
@NullMarked
package dev.millrace.stack;

import org.jspecify.annotations.NullMarked;
