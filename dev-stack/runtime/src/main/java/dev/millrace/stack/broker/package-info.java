/**
 * The broker's own process: the only code here that knows Pulsar's and BookKeeper's types, so
 * nothing outside this package refers to it, and it runs on the class path of the runtime directory
 * only.
 *
 * <p>Invariant: the process ends when its standard input does.
 */
@NullMarked
package dev.millrace.stack.broker;

import org.jspecify.annotations.NullMarked;
