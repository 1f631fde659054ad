/**
 * Who calls, and how much each may send.
 *
 * <p>Invariant: what is remembered of callers is bounded, however many names they have. It knows
 * {@code answers} alone.
 */
@NullMarked
package dev.millrace.adapters.http.callers;

import org.jspecify.annotations.NullMarked;
