/**
 * The composition root and the life of the service.
 *
 * <p>Invariant: what was opened is closed in reverse order, however far the start came; only here
 * do adapters, use cases and the sample business meet.
 */
@NullMarked
package dev.millrace.bootstrap.service;

import org.jspecify.annotations.NullMarked;
