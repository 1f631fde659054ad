/**
 * What the core asks of the broker: to store events, and to tell how far a subscription has come.
 *
 * <p>Invariant: an event is called stored only upon the broker's receipt, and not stored only when
 * it surely never left this process.
 */
@NullMarked
package dev.millrace.adapters.pulsar.driven;

import org.jspecify.annotations.NullMarked;
