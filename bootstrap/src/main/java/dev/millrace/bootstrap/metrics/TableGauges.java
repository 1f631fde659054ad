package dev.millrace.bootstrap.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;

import java.util.List;

/** How large the database's tables are. Thread-safe. */
public final class TableGauges {

    private final MultiGauge bytes;
    private final MultiGauge rows;

    /**
     * One table.
     *
     * @param bytes with its indexes
     * @param rows an estimate; not a number before the first
     */
    public record Size(String table, double bytes, double rows) {}

    /** Has no series before the first look at the tables. */
    public TableGauges(MeterRegistry registry) {
        bytes =
                MultiGauge.builder("millrace.table.size")
                        .description("Size of a table with its indexes")
                        .baseUnit("bytes")
                        .register(registry);
        rows =
                MultiGauge.builder("millrace.table.rows.estimate")
                        .description("About how many rows a table has, as the planner believes")
                        .register(registry);
    }

    /** Shows these from now on. */
    public void show(List<Size> sizes) {
        bytes.register(
                sizes.stream()
                        .map(size -> MultiGauge.Row.of(Tags.of("table", size.table()), size::bytes))
                        .toList(),
                true);
        rows.register(
                sizes.stream()
                        .map(size -> MultiGauge.Row.of(Tags.of("table", size.table()), size::rows))
                        .toList(),
                true);
    }
}
