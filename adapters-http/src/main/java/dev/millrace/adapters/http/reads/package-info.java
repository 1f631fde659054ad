/**
 * What can be read: what became of an event, and the form in which the sample adds reads of its
 * own.
 *
 * <p>Invariant: a parameter that breaks its rule, or that nobody asked for, is refused, all of them
 * at once. It knows {@code answers} and {@code json}.
 */
@NullMarked
package dev.millrace.adapters.http.reads;

import org.jspecify.annotations.NullMarked;
