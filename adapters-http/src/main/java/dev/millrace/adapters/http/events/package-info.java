/**
 * One item of a body as an event: what all forms of events share, and the form that a stream has of
 * its own.
 *
 * <p>Invariant: an item that is no event still stands in its place, with a problem and as much of
 * its key as could be read. It knows {@code answers}, {@code body} and {@code json}.
 */
@NullMarked
package dev.millrace.adapters.http.events;

import org.jspecify.annotations.NullMarked;
