/**
 * The whole system as real processes, and the faults that each sentence of the promise is about.
 *
 * <p>Invariant: nothing here knows the product's code; it sees what a caller, an operator and a
 * reader of the database see. Every answer of the gate is held against its contract.
 */
@NullMarked
package dev.millrace.e2e;

import org.jspecify.annotations.NullMarked;
