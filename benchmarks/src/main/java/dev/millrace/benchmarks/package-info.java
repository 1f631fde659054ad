/**
 * Whole systems for looking at and for measuring: {@code demo}, {@code up} and {@code bench}.
 *
 * <p>Invariant: everything here speaks to the service as anybody else does, over its ports; nothing
 * is known from inside.
 */
@NullMarked
package dev.millrace.benchmarks;

import org.jspecify.annotations.NullMarked;
