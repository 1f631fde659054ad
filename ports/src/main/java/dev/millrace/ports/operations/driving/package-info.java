/**
 * What people may see and do about failed events, lanes and topics.
 *
 * <p>Invariant: each port is one verb with one method, so that a lambda can stand in for it; an act
 * answers with what was done, or why nothing was.
 */
@NullMarked
package dev.millrace.ports.operations.driving;

import org.jspecify.annotations.NullMarked;
