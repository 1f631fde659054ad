package dev.millrace.benchmarks.drain;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;

final class DrainTest {

    private static final long SECOND = 1_000_000_000;

    @Test
    void the_warm_up_does_not_count() {
        List<Drain.Point> points =
                List.of(
                        new Drain.Point(10 * SECOND, 1),
                        new Drain.Point(12 * SECOND, 100),
                        new Drain.Point(14 * SECOND, 1_100),
                        new Drain.Point(16 * SECOND, 2_100));

        assertThat(Drain.progress(points, Duration.ofSeconds(2)))
                .isEqualTo(new Drain.Progress(2_000, 500));
    }

    @Test
    void a_round_that_is_hardly_longer_than_the_warm_up_counts_as_a_whole() {
        List<Drain.Point> points =
                List.of(new Drain.Point(10 * SECOND, 500), new Drain.Point(12 * SECOND, 1_500));

        assertThat(Drain.progress(points, Duration.ofSeconds(2)))
                .isEqualTo(new Drain.Progress(1_000, 500));
    }

    @Test
    void a_round_of_one_reading_has_no_rate() {
        assertThat(Drain.progress(List.of(new Drain.Point(0, 5)), Duration.ZERO))
                .isEqualTo(new Drain.Progress(0, 0));
    }
}
