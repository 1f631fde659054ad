/**
 * The body of a request, from the wire to the items that stand in it: its encoding, its type, its
 * size and its time.
 *
 * <p>Invariant: a body is never held whole, and what is held is counted in the {@link Budget} of
 * all requests. It knows {@code answers} alone.
 */
@NullMarked
package dev.millrace.adapters.http.body;

import org.jspecify.annotations.NullMarked;
