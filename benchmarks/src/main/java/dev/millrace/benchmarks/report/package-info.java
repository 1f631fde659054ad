/**
 * Pictures of a run for whoever was not there: plain SVG, and a page around it.
 *
 * <p>Invariant: what is written needs no script and no other file, and shows each figure as it was
 * measured; where none was, the line has a gap.
 */
@NullMarked
package dev.millrace.benchmarks.report;

import org.jspecify.annotations.NullMarked;
