package dev.millrace.bootstrap.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import java.time.Instant;

/** How far purges of one kind have come. Thread-safe. */
public final class PurgeMeters {

    private final Counter rows;
    private volatile double endedAtSeconds = Double.NaN;

    /**
     * Registers the series of one kind.
     *
     * @param kind a word; each is registered once
     */
    public PurgeMeters(MeterRegistry registry, String kind) {
        rows =
                Counter.builder("millrace.purge.rows")
                        .description("Rows that were let go, by what they were")
                        .tag("kind", kind)
                        .register(registry);
        Gauge.builder("millrace.purge.ended.time.seconds", () -> endedAtSeconds)
                .description("When the last purge came to its end, in seconds since 1970")
                .tag("kind", kind)
                .register(registry);
    }

    /** A purge has come to its end. */
    public void ended(long purged, Instant at) {
        rows.increment((double) purged);
        endedAtSeconds = at.getEpochSecond();
    }
}
