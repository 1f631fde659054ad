/**
 * The broker as this project uses it: the connection, a topic's name and policies, and the bytes of
 * its events. What is driven by the core is in {@code driven}, what drives it in {@code driving}.
 *
 * <p>Invariant: no policy lives here. What cannot be had from the broker for now is {@link
 * dev.millrace.ports.Unavailable}; nothing outside this adapter sees a type of Pulsar's or Avro's.
 */
@NullMarked
package dev.millrace.adapters.pulsar;

import org.jspecify.annotations.NullMarked;
