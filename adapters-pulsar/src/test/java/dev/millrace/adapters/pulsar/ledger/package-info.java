/**
 * The sample business on the wire.
 *
 * <p>Invariant: random events are drawn from a seed that is printed when a test fails.
 */
@NullMarked
package dev.millrace.adapters.pulsar.ledger;

import org.jspecify.annotations.NullMarked;
