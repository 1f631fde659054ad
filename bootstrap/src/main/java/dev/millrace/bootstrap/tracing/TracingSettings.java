package dev.millrace.bootstrap.tracing;

import java.util.Objects;

/**
 * What is traced, and where it goes.
 *
 * @param share of the requests that name no trace, from 0 to 1; 0 traces nothing at all
 * @param keptSpans how many spans this process keeps at most
 * @param endpoint of the collector, for OTLP over HTTP; empty for none
 */
public record TracingSettings(double share, int keptSpans, String endpoint) {

    public TracingSettings {
        Objects.requireNonNull(endpoint);
    }
}
