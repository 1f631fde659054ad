/**
 * The pure model that every fork keeps: what an event, a delivery and an outcome are, and the
 * policies that act on them.
 *
 * <p>Invariant: nothing here reads a clock, draws a random number, performs I/O or starts a thread;
 * the same arguments give the same answer.
 */
@NullMarked
package dev.millrace.domain;

import org.jspecify.annotations.NullMarked;
