/**
 * HTTP in, ports behind: the gate that takes events, the reads, and the management server.
 *
 * <p>Invariant: whatever a caller sends, the answer is one that this package chose, each error an
 * RFC 9457 problem of a {@linkplain dev.millrace.adapters.http.ProblemType documented type};
 * everything that a caller can make grow has a limit.
 */
@NullMarked
package dev.millrace.adapters.http;

import org.jspecify.annotations.NullMarked;
