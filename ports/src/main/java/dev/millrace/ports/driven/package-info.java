/**
 * What the engine needs from the outside.
 *
 * <p>Invariant: a method is one atomic business intention; what fails for want of the outside is
 * {@link dev.millrace.ports.Unavailable}.
 */
@NullMarked
package dev.millrace.ports.driven;

import org.jspecify.annotations.NullMarked;
