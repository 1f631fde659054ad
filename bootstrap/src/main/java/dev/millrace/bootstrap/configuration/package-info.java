/**
 * What an operator may set, and how it is read.
 *
 * <p>Invariant: everything is read once, at the start; whoever holds a {@link
 * dev.millrace.bootstrap.configuration.Configuration} holds valid values only, and whoever does not
 * has been told every mistake at once.
 */
@NullMarked
package dev.millrace.bootstrap.configuration;

import org.jspecify.annotations.NullMarked;
