/**
 * What is counted and timed, and how it is scraped.
 *
 * <p>Invariant: no series carries a key or a message ID, and every counter exists from the start,
 * at zero.
 */
@NullMarked
package dev.millrace.bootstrap.metrics;

import org.jspecify.annotations.NullMarked;
