package dev.millrace.bootstrap.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

import java.util.List;

final class DistributionTest {

    private static final List<Double> BOUNDS = List.of(0.01, 0.1, 1.0);

    @Test
    void a_quantile_lies_straight_between_the_bounds_of_its_bucket() {
        Distribution distribution = new Distribution(BOUNDS, List.of(50.0, 90.0, 100.0), 100, 9);

        assertThat(distribution.quantile(0.25)).isEqualTo(0.005, within(1e-9));
        assertThat(distribution.quantile(0.5)).isEqualTo(0.01, within(1e-9));
        assertThat(distribution.quantile(0.7)).isEqualTo(0.055, within(1e-9));
        assertThat(distribution.quantile(0.99)).isEqualTo(0.91, within(1e-9));
    }

    @Test
    void an_empty_bucket_below_is_passed_over() {
        assertThat(new Distribution(BOUNDS, List.of(0.0, 0.0, 4.0), 4, 2).quantile(0.5))
                .isEqualTo(0.55, within(1e-9));
    }

    @Test
    void beyond_the_last_bound_nobody_knows_more_than_that_bound() {
        assertThat(new Distribution(BOUNDS, List.of(0.0, 0.0, 1.0), 10, 90).quantile(0.5))
                .isEqualTo(1.0);
    }

    @Test
    void of_nothing_there_is_no_quantile() {
        assertThat(new Distribution(BOUNDS, List.of(0.0, 0.0, 0.0), 0, 0).quantile(0.5)).isNaN();
    }

    @Test
    void what_came_since_and_what_came_elsewhere_are_counted_bucket_by_bucket() {
        Distribution first = new Distribution(BOUNDS, List.of(1.0, 2.0, 3.0), 4, 5);
        Distribution second = new Distribution(BOUNDS, List.of(2.0, 5.0, 6.0), 8, 7);

        assertThat(second.since(first))
                .isEqualTo(new Distribution(BOUNDS, List.of(1.0, 3.0, 3.0), 4, 2));
        assertThat(second.plus(first))
                .isEqualTo(new Distribution(BOUNDS, List.of(3.0, 7.0, 9.0), 12, 12));
    }
}
