/**
 * How the flow through one process fares, and what holds it up.
 *
 * <p>Invariant: what nobody knows is not a number, never zero.
 */
@NullMarked
package dev.millrace.domain.flow;

import org.jspecify.annotations.NullMarked;
