/**
 * The engine at work: each use case joins a driving port to driven ones.
 *
 * <p>Invariant: time and chance come in as arguments, threads and technology not at all.
 */
@NullMarked
package dev.millrace.ports.usecase;

import org.jspecify.annotations.NullMarked;
