/**
 * What the sample business needs from the outside.
 *
 * <p>Invariant: what it reads here is committed.
 */
@NullMarked
package dev.millrace.ports.ledger.driven;

import org.jspecify.annotations.NullMarked;
