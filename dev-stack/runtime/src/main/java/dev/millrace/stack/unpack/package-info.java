/**
 * A step of this module's build: unpacks the PostgreSQL programs. It runs on the class path of the
 * runtime directory, so nothing outside this package refers to it.
 *
 * <p>Invariant: what is unpacked is whole, or it is not there.
 */
@NullMarked
package dev.millrace.stack.unpack;

import org.jspecify.annotations.NullMarked;
