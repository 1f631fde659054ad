/**
 * What the core and the adapters say to each other.
 *
 * <p>Invariant: a signature blocks, throws nothing checked, and names domain types only; whoever
 * implements a port says so by its contract in the tests of this module.
 */
@NullMarked
package dev.millrace.ports;

import org.jspecify.annotations.NullMarked;
