/**
 * The rules that keep the layers apart, and the proof that each of them can fail.
 *
 * <p>Invariant: a rule that is not broken on purpose by a fixture does not exist.
 */
@NullMarked
package dev.millrace.bootstrap.architecture;

import org.jspecify.annotations.NullMarked;
