/**
 * Topics, databases and events to measure with, and how fast one lane drains a filled topic, in
 * batches and one by one.
 *
 * <p>Invariant: both sides drain the same copies with the same binary on the same broker and
 * database server, each from a subscription of its own that existed before the first event, into a
 * database of its own.
 */
@NullMarked
package dev.millrace.benchmarks.drain;

import org.jspecify.annotations.NullMarked;
