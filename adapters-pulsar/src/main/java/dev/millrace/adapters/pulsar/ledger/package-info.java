/**
 * The sample business on the wire: its Avro record and how an event becomes one.
 *
 * <p>Invariant: an event that was encoded is decoded to an equal one.
 */
@NullMarked
package dev.millrace.adapters.pulsar.ledger;

import org.jspecify.annotations.NullMarked;
