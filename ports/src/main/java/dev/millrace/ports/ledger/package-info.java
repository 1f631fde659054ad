/**
 * The sample business at the ports: its stream, and what its readers get.
 *
 * <p>Invariant: nothing outside packages named {@code ledger} refers to it, but for the composition
 * root.
 */
@NullMarked
package dev.millrace.ports.ledger;

import org.jspecify.annotations.NullMarked;
