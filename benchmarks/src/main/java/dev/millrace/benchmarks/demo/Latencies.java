package dev.millrace.benchmarks.demo;

import java.util.Locale;

/**
 * How long something took for most, in milliseconds.
 *
 * @param count how many were measured
 */
public record Latencies(long count, double p50, double p95, double p99) {

    /** As a row of a table; dashes when nothing was measured. */
    String row() {
        return count == 0
                ? String.format(Locale.ROOT, "%10s%10s%10s", "-", "-", "-")
                : String.format(Locale.ROOT, "%10s%10s%10s", text(p50), text(p95), text(p99));
    }

    private static String text(double milliseconds) {
        return milliseconds < 10
                ? String.format(Locale.ROOT, "%.1f", milliseconds)
                : String.format(Locale.ROOT, "%,.0f", milliseconds);
    }

    String sentence() {
        return count == 0
                ? "-"
                : "p50 " + text(p50) + " p95 " + text(p95) + " p99 " + text(p99) + " ms";
    }
}
