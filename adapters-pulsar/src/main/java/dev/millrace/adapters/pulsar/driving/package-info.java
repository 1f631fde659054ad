/**
 * Lanes: they receive, hand a batch over, and do with it what they are told.
 *
 * <p>Invariant: a message is acknowledged only when the core has said that it is committed, and the
 * next batch is not handed over before the one in hand is settled.
 */
@NullMarked
package dev.millrace.adapters.pulsar.driving;

import org.jspecify.annotations.NullMarked;
