package dev.millrace.bootstrap.service;

import dev.millrace.adapters.postgres.PostgresTableSizes;
import dev.millrace.bootstrap.metrics.TableGauges;
import dev.millrace.ports.Unavailable;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;

/** Tells how large the tables are, from time to time; they grow slowly. */
final class TableWatch {

    private static final Logger LOG = LoggerFactory.getLogger(TableWatch.class);
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private final PostgresTableSizes sizes;
    private final TableGauges gauges;

    TableWatch(PostgresTableSizes sizes, TableGauges gauges) {
        this.sizes = sizes;
        this.gauges = gauges;
    }

    /** Looks until it is interrupted. */
    void run() throws InterruptedException {
        while (true) {
            try {
                gauges.show(
                        sizes.sizes().stream()
                                .map(size ->
                                        new TableGauges.Size(
                                                size.table(), size.bytes(), rows(size.rows())))
                                .toList());
            } catch (Unavailable outage) {
                LOG.debug("the tables are as large as they were: {}", outage.getMessage());
            }
            Thread.sleep(INTERVAL);
        }
    }

    /** The planner says minus one before anything was counted. */
    private static double rows(double believed) {
        return believed < 0 ? Double.NaN : believed;
    }
}
