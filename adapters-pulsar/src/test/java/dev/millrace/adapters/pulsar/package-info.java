/**
 * The adapter against a real broker.
 *
 * <p>Invariant: each test class has a namespace of its own, so that tests may run side by side on
 * one broker.
 */
@NullMarked
package dev.millrace.adapters.pulsar;

import org.jspecify.annotations.NullMarked;
