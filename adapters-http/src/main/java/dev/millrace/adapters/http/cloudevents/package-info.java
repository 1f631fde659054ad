/**
 * Events in the envelope of CloudEvents 1.0: structured, in batches and in headers.
 *
 * <p>Invariant: an attribute and a field that say the same must agree; nothing that an envelope
 * says is silently dropped. It knows {@code answers}, {@code body}, {@code json} and {@code
 * events}.
 */
@NullMarked
package dev.millrace.adapters.http.cloudevents;

import org.jspecify.annotations.NullMarked;
