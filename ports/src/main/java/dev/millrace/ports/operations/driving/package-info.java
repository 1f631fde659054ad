/**
 * What people may see of a process and of events, and do about failed ones, lanes and topics.
 *
 * <p>Invariant: each port is one verb with one method, so that a lambda can stand in for it; an act
 * answers with what was done, or why nothing was.
 */
@NullMarked
package dev.millrace.ports.operations.driving;

import org.jspecify.annotations.NullMarked;
