/**
 * A second, tiny stream that proves the engine: events add to a counter.
 *
 * <p>Invariant: nothing here knows the sample business, so what passes with it holds for any
 * stream.
 */
@NullMarked
package dev.millrace.ports.counter;

import org.jspecify.annotations.NullMarked;
