/**
 * What callers of a driving port may rely on, as tests that run on the use case and over every
 * wire.
 *
 * <p>Invariant: a scenario sees the port and the few observers that it declares, never the wire.
 */
@NullMarked
package dev.millrace.ports.scenario;

import org.jspecify.annotations.NullMarked;
