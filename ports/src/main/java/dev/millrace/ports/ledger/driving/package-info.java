/**
 * What readers may ask of the books.
 *
 * <p>Invariant: each port is one verb with one method, so that a lambda can stand in for it.
 */
@NullMarked
package dev.millrace.ports.ledger.driving;

import org.jspecify.annotations.NullMarked;
