/**
 * The command line: what a person types, and what is said when it does not work.
 *
 * <p>Invariant: a person sees words that say what to do, never a stack trace; the exit code is 0
 * for done, 1 for a failure, 2 for a command or a configuration that cannot be used; {@code
 * operations} has two more.
 */
@NullMarked
package dev.millrace.bootstrap;

import org.jspecify.annotations.NullMarked;
