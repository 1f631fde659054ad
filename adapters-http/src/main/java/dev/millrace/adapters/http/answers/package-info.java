/**
 * What the module answers with: documented problems, the input errors in them, and how a JSON body
 * is written.
 *
 * <p>Invariant: every error that a caller sees is a {@link Problem} of one of the {@linkplain
 * ProblemType documented types}. It knows no other room.
 */
@NullMarked
package dev.millrace.adapters.http.answers;

import org.jspecify.annotations.NullMarked;
