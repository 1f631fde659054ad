/**
 * What people's acts on failed events, lanes and topics, and their looks, need from the outside.
 *
 * <p>Invariant: an act and its row in the audit log are one transaction.
 */
@NullMarked
package dev.millrace.ports.operations.driven;

import org.jspecify.annotations.NullMarked;
