/**
 * The sample business over HTTP: how its events are written in JSON, and the reads of its books.
 *
 * <p>Invariant: the engine's package does not know this one; only the composition root joins them.
 */
@NullMarked
package dev.millrace.adapters.http.ledger;

import org.jspecify.annotations.NullMarked;
