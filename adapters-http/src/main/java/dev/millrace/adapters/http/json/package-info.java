/**
 * The strict reading of JSON: from the text of one item to typed fields, and all the rules that
 * they break.
 *
 * <p>Invariant: whatever the text, reading ends with a value or with a problem that says why, at a
 * bounded cost. It knows {@code answers} and {@code body}.
 */
@NullMarked
package dev.millrace.adapters.http.json;

import org.jspecify.annotations.NullMarked;
