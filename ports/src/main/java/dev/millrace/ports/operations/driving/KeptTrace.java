package dev.millrace.ports.operations.driving;

import java.util.List;
import java.util.Objects;

/**
 * What this process has kept of a trace.
 *
 * @param id in hexadecimal digits, as W3C Trace Context has it
 * @param spans in the order of their beginnings
 */
public record KeptTrace(String id, List<KeptSpan> spans) {

    public KeptTrace {
        Objects.requireNonNull(id);
        spans = List.copyOf(spans);
    }
}
