/**
 * How the process fares, put together once a second from what is counted and known anyway.
 *
 * <p>Invariant: asking costs nobody anything: whoever asks is told what was known at the last look.
 */
@NullMarked
package dev.millrace.bootstrap.status;

import org.jspecify.annotations.NullMarked;
