/**
 * What the core asks of the broker: to store events and dead letters, to tell how far a
 * subscription has come and what its topic holds, to have a stored copy read by the schema that
 * wrote it, and an edited event written by the present one.
 *
 * <p>Invariant: an event or a letter is called stored only upon the broker's receipt, and an event
 * not stored only when it surely never left this process.
 */
@NullMarked
package dev.millrace.adapters.pulsar.driven;

import org.jspecify.annotations.NullMarked;
