/**
 * The gate: HTTP in, ports behind. It takes events, answers reads and shows its contract, and is
 * made of the rooms beside it; {@code GateServer} is where to begin.
 *
 * <p>Invariant: whatever a caller sends, the answer is one that was chosen here, each error an RFC
 * 9457 problem of a {@linkplain dev.millrace.adapters.http.answers.ProblemType documented type};
 * everything that a caller can make grow has a limit. It knows all rooms but {@code management} and
 * the sample, and none knows it.
 */
@NullMarked
package dev.millrace.adapters.http;

import org.jspecify.annotations.NullMarked;
