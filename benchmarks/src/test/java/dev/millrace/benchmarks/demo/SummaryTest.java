package dev.millrace.benchmarks.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;

final class SummaryTest {

    private static final Summary SUMMARY =
            new Summary(
                    Duration.ofSeconds(75),
                    new Counts(298, 3, 270, 13, 11, 1, 0, 4),
                    new Counts(22_345, 225, 20_100, 1_000, 1_200, 45, 0, 4),
                    0,
                    new Latencies(1_490, 6.25, 12.5, 40),
                    new Latencies(100, 31, 55.5, 1_234),
                    new Latencies(0, 0, 0, 0));

    @Test
    void the_table_has_each_outcome_for_a_second_and_in_total() {
        assertThat(SUMMARY.table())
                .containsExactly(
                        "Millrace, running for 1:15 min              per second      in total",
                        "accepted    answered 202, stored                   298        22,345",
                        "  applied   took effect                            270        20,100",
                        "  rejected  overdraft or other currency             11         1,200",
                        "  duplicate sent again, no second effect            13         1,000",
                        "  conflict  same ID, other content: kept             1            45",
                        "invalid     answered 400, not stored                 3           225",
                        "backlog     entries, as the broker counts            4",
                        "",
                        "latency in ms, last seconds                       p50       p95       p99",
                        "POST to 202 (receipt)                             6.3        13        40",
                        "POST to effect readable (end to end)               31        56     1,234",
                        "publish to commit (in the service)                  -         -        "
                                + " -");
    }

    @Test
    void the_line_says_the_same_in_one() {
        assertThat(SUMMARY.line())
                .isEqualTo(
                        "  75 s  per second: accepted 298, applied 270, rejected 11, duplicate 13,"
                                + " conflict 1, invalid 3; end to end p50 31 p95 56 p99 1,234 ms;"
                                + " publish to commit -; backlog 4");
    }

    @Test
    void counts_are_for_one_second_whatever_the_interval() {
        assertThat(new Counts(600, 6, 540, 26, 22, 2, 0, 4).perSecond(2.0))
                .isEqualTo(new Counts(300, 3, 270, 13, 11, 1, 0, 4));
    }

    @Test
    void a_window_forgets_what_is_older_than_its_intervals() {
        Window window = new Window(2);
        window.record(5_000_000);

        assertThat(window.next().count()).isEqualTo(1);
        assertThat(window.next().count()).isEqualTo(1);
        assertThat(window.next().count()).isZero();
    }
}
