/**
 * What of people's acts is more than one transaction: retries of many events, which go on by
 * themselves, and the check of an edit before it is kept.
 *
 * <p>Invariant: what was done is in the database before the next step, so that any process can go
 * on where another one died.
 */
@NullMarked
package dev.millrace.ports.usecase.operations;

import org.jspecify.annotations.NullMarked;
