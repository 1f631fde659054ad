/**
 * The console: a page for whoever operates the process, served from the jar.
 *
 * <p>Invariant: it holds no state and no secret, and can do only what {@code /ops/v1} offers to
 * everybody. It knows {@code answers}.
 */
@NullMarked
package dev.millrace.adapters.http.console;

import org.jspecify.annotations.NullMarked;
