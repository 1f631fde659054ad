/**
 * What of people's acts and looks takes more than one call of a port: jobs that go on by
 * themselves, the check of an edit before it is kept, and what is put together to be read.
 *
 * <p>Invariant: what was done is in the database before the next step, so that any process can go
 * on where another one died.
 */
@NullMarked
package dev.millrace.ports.usecase.operations;

import org.jspecify.annotations.NullMarked;
