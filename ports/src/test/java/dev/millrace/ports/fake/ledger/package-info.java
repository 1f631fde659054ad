/**
 * The sample business's driven ports in memory.
 *
 * <p>Invariant: a fake keeps its port's contract, and hands out nothing that can be changed.
 */
@NullMarked
package dev.millrace.ports.fake.ledger;

import org.jspecify.annotations.NullMarked;
