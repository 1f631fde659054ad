/**
 * The commands for whoever operates a service: each is a call, or a few, of the operations API.
 *
 * <p>Invariant: nothing here knows more than the API tells, or does what it does not do; a command
 * ends with a documented exit code and words, never with a stack trace.
 */
@NullMarked
package dev.millrace.bootstrap.operations;

import org.jspecify.annotations.NullMarked;
