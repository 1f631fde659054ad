/**
 * What the demonstration counts and shows.
 *
 * <p>Invariant: every figure is a difference of two readings of the service's own metrics, or was
 * measured by the caller; none is computed from another.
 */
@NullMarked
package dev.millrace.benchmarks.demo;

import org.jspecify.annotations.NullMarked;
