/**
 * What the core asks of the broker, in parts that need none.
 *
 * <p>Invariant: nothing here talks to a broker.
 */
@NullMarked
package dev.millrace.adapters.pulsar.driven;

import org.jspecify.annotations.NullMarked;
