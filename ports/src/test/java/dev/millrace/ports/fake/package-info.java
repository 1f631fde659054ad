/**
 * The driven ports in memory, for tests that need no broker and no database.
 *
 * <p>Invariant: a fake keeps its port's contract, and hands out nothing that can be changed.
 */
@NullMarked
package dev.millrace.ports.fake;

import org.jspecify.annotations.NullMarked;
