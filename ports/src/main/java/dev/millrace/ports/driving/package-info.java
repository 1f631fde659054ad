/**
 * What the outside may ask of the engine.
 *
 * <p>Invariant: each port is one verb with one method, so that a lambda can stand in for it.
 */
@NullMarked
package dev.millrace.ports.driving;

import org.jspecify.annotations.NullMarked;
