/**
 * The server for whoever operates the process: health, metrics, what it is, operations, and their
 * console.
 *
 * <p>Invariant: it is never public, and tells no secret. It knows {@code answers}, {@code console},
 * {@code operations}, {@code reads} and {@code server}.
 */
@NullMarked
package dev.millrace.adapters.http.management;

import org.jspecify.annotations.NullMarked;
