/**
 * What {@code send} must know of the sample's stream to read it from a table.
 *
 * <p>Invariant: only names and types; the rules of an event are the gate's to check.
 */
@NullMarked
package dev.millrace.bootstrap.send.ledger;

import org.jspecify.annotations.NullMarked;
