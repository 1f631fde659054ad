/**
 * What becomes of an event, as spans of OpenTelemetry: decorators of the ports tell each step, the
 * process keeps its last traces, and sends them to a collector where there is one.
 *
 * <p>Invariant: a trace changes nothing about what it tells of. An event that is not sampled costs
 * its lane a look at one property.
 */
@NullMarked
package dev.millrace.bootstrap.tracing;

import org.jspecify.annotations.NullMarked;
