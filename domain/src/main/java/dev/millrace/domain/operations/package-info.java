/**
 * What people do about events that need them, about lanes, and about what a topic has and the
 * tables lack; and what they see before they decide.
 *
 * <p>Invariant: whoever acts is named, and an act is done whole or not at all.
 */
@NullMarked
package dev.millrace.domain.operations;

import org.jspecify.annotations.NullMarked;
