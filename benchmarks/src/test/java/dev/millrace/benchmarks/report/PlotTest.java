package dev.millrace.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.List;

final class PlotTest {

    @Test
    void axes_end_at_round_numbers_that_hold_every_value() {
        assertThat(Axis.linear(0)).isEqualTo(new Axis(0, 1, List.of(0.0, 1.0), false));
        assertThat(Axis.linear(4).ticks()).containsExactly(0.0, 1.0, 2.0, 3.0, 4.0);
        assertThat(Axis.linear(312).ticks()).containsExactly(0.0, 100.0, 200.0, 300.0, 400.0);
        assertThat(Axis.linear(1_000).ticks()).endsWith(1_000.0);
        assertThat(Axis.logarithmic(3.2, 41).ticks()).containsExactly(2.0, 5.0, 10.0, 20.0, 50.0);
        assertThat(Axis.logarithmic(10, 10).high()).isGreaterThan(10);
        assertThat(Axis.time(64).ticks()).containsExactly(0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0);
        assertThat(Axis.time(7_300).ticks()).startsWith(0.0, 900.0).endsWith(7_200.0);
        assertThat(Axis.linear(400).share(100)).isEqualTo(0.25);
        assertThat(Axis.logarithmic(1, 100).share(10)).isEqualTo(0.5);
    }

    @Test
    void a_line_has_a_gap_where_nothing_was_measured() {
        String svg =
                new Plot(
                                "A <title>",
                                "ms",
                                false,
                                List.of(0.0, 1.0, 2.0, 3.0),
                                List.of(new Plot.Line("p50", List.of(1.0, Double.NaN, 2.0, 4.0))))
                        .svg();

        assertThat(svg)
                .contains("d=\"M64.0 190.5M517.3 145.0L744.0 54.0\"")
                .contains("<title>A &lt;title></title>")
                .contains("p50: at most 4, at the end 4.");
    }

    @Test
    void nothing_measured_is_a_plot_without_lines() {
        Plot plot = new Plot("t", "ms", true, List.of(), List.of(new Plot.Line("p50", List.of())));

        assertThat(plot.svg()).contains("d=\"\"").doesNotContain("NaN", "Infinity");
        assertThatThrownBy(() -> new Plot("t", "", false, List.of(), fiveLines()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static List<Plot.Line> fiveLines() {
        return List.of("a", "b", "c", "d", "e").stream()
                .map(name -> new Plot.Line(name, List.of()))
                .toList();
    }
}
