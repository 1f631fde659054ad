/**
 * The web server under the gate and the management: Jetty with the strictness of RFC 9110, its
 * limits, and its faults as problems.
 *
 * <p>Invariant: what the library refuses or throws by itself reaches a caller only in the form of
 * all other errors. It knows {@code answers} alone.
 */
@NullMarked
package dev.millrace.adapters.http.server;

import org.jspecify.annotations.NullMarked;
