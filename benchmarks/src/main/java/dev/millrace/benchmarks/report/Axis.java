package dev.millrace.benchmarks.report;

import java.util.ArrayList;
import java.util.List;

/**
 * The values that a plot shows, from its lower edge to its upper one.
 *
 * @param ticks the values to mark, in order
 * @param logarithmic whether each step is a factor instead of a difference
 */
record Axis(double low, double high, List<Double> ticks, boolean logarithmic) {

    private static final int MOST_TICKS = 6;
    private static final double[] STEPS = {1, 2, 5};
    private static final int[] SECONDS = {
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400
    };

    Axis {
        ticks = List.copyOf(ticks);
    }

    /** From 0 to a round number that nothing exceeds. */
    static Axis linear(double most) {
        double step = 1;
        for (int power = 0; most / step > MOST_TICKS - 1; power++) {
            int decade = power / STEPS.length;
            step = STEPS[power % STEPS.length] * Math.pow(10, decade);
        }
        double high = step * Math.max(1, Math.ceil(most / step));
        return new Axis(0, high, multiples(step, high), false);
    }

    /** Between two of 1, 2 and 5 times a power of ten that hold everything above 0. */
    static Axis logarithmic(double least, double most) {
        double low = Math.pow(10, Math.floor(Math.log10(least)));
        double high = Math.pow(10, Math.ceil(Math.log10(Math.nextUp(most))));
        List<Double> ticks = new ArrayList<>();
        for (double decade = low; decade <= high; decade *= 10) {
            for (double step : STEPS) {
                ticks.add(step * decade);
            }
        }
        double from = ticks.stream().filter(tick -> tick <= least).reduce(low, Math::max);
        double to = ticks.stream().filter(tick -> tick >= most).reduce(high, Math::min);
        return new Axis(
                from,
                Math.max(to, from * 2),
                ticks.stream().filter(tick -> tick >= from && tick <= to).toList(),
                true);
    }

    /** Of a time in seconds, up to the last one. */
    static Axis time(double last) {
        double high = Math.max(1, last);
        double step = SECONDS[SECONDS.length - 1];
        for (int candidate : SECONDS) {
            if (high / candidate <= 2 * MOST_TICKS) {
                step = candidate;
                break;
            }
        }
        return new Axis(0, high, multiples(step, high), false);
    }

    private static List<Double> multiples(double step, double high) {
        List<Double> multiples = new ArrayList<>();
        for (int i = 0; i * step <= high; i++) {
            multiples.add(i * step);
        }
        return multiples;
    }

    /** Where a value lies, from 0 at the lower edge to 1 at the upper one. */
    double share(double value) {
        return logarithmic
                ? Math.log(Math.max(low, value) / low) / Math.log(high / low)
                : (value - low) / (high - low);
    }
}
