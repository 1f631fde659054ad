package dev.millrace.benchmarks.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class ScrapeTest {

    private static final String TEXT =
            """
            # HELP millrace_gate_events_total Items of requests, by result
            # TYPE millrace_gate_events_total counter
            millrace_gate_events_total{result="accepted",stream="a b",tenant="millrace"} 12.0
            millrace_gate_events_total{result="invalid",stream="a b",tenant="millrace"} 3.0
            millrace_gate_events_total_other 99
            millrace_processing_lag_seconds_bucket{le="0.01"} 50
            millrace_processing_lag_seconds_bucket{le="0.1"} 90
            millrace_processing_lag_seconds_bucket{le="+Inf"} 100
            plain 1.5E3
            """;

    private final Scrape scrape = Scrape.parse(TEXT);

    @Test
    void a_sum_takes_the_series_of_exactly_that_name_and_label() {
        assertThat(scrape.sum("millrace_gate_events_total", "result=\"accepted\"")).isEqualTo(12);
        assertThat(scrape.sum("millrace_gate_events_total", "")).isEqualTo(15);
        assertThat(scrape.sum("plain", "")).isEqualTo(1_500);
        assertThat(scrape.sum("absent", "")).isZero();
    }

    @Test
    void a_quantile_is_evened_out_within_its_bucket() {
        Scrape.Histogram lag = scrape.histogram("millrace_processing_lag_seconds");

        assertThat(lag.quantile(0.5)).isCloseTo(0.01, within(1e-9));
        assertThat(lag.quantile(0.7)).isCloseTo(0.055, within(1e-9));
        assertThat(lag.quantile(0.99)).isCloseTo(0.1, within(1e-9));
    }

    @Test
    void what_came_since_an_earlier_reading_counts_alone() {
        Scrape.Histogram lag = scrape.histogram("millrace_processing_lag_seconds");

        assertThat(lag.since(lag).quantile(0.5)).isZero();
    }
}
