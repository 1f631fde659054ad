/**
 * How the process fares, and what people see of failed events, lanes and topics, and do about them:
 * {@code /ops/v1}.
 *
 * <p>Invariant: an act is asked for by a JSON object that names who acts, whole and right, or it is
 * refused and nothing changes. It knows {@code answers}, {@code body}, {@code json} and {@code
 * reads}.
 */
@NullMarked
package dev.millrace.adapters.http.operations;

import org.jspecify.annotations.NullMarked;
