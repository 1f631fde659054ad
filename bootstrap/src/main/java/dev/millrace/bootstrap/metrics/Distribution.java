package dev.millrace.bootstrap.metrics;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import io.micrometer.core.instrument.distribution.HistogramSnapshot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How durations were spread, as the buckets of a histogram tell: the very counts that a scrape has,
 * so that both say the same.
 *
 * @param bounds in seconds, ascending
 * @param counts of what took no longer than each bound
 * @param total how many there were
 * @param sumSeconds how long they took together
 */
public record Distribution(
        List<Double> bounds, List<Double> counts, double total, double sumSeconds) {

    public Distribution {
        bounds = List.copyOf(bounds);
        counts = List.copyOf(counts);
    }

    /** Of all that a timer has recorded. */
    static Distribution of(Timer timer) {
        HistogramSnapshot snapshot = timer.takeSnapshot();
        CountAtBucket[] buckets = snapshot.histogramCounts();
        return new Distribution(
                Arrays.stream(buckets).map(bucket -> bucket.bucket(TimeUnit.SECONDS)).toList(),
                Arrays.stream(buckets).map(CountAtBucket::count).toList(),
                snapshot.count(),
                snapshot.total(TimeUnit.SECONDS));
    }

    /** What came after an earlier look at the same. */
    public Distribution since(Distribution earlier) {
        List<Double> more = new ArrayList<>();
        for (int i = 0; i < counts.size(); i++) {
            more.add(counts.get(i) - earlier.counts.get(i));
        }
        return new Distribution(
                bounds, more, total - earlier.total, sumSeconds - earlier.sumSeconds);
    }

    /** Both together. */
    public Distribution plus(Distribution other) {
        List<Double> both = new ArrayList<>();
        for (int i = 0; i < counts.size(); i++) {
            both.add(counts.get(i) + other.counts.get(i));
        }
        return new Distribution(bounds, both, total + other.total, sumSeconds + other.sumSeconds);
    }

    /**
     * The duration that a share of all did not exceed, in seconds, as straight between the bounds
     * of its bucket; beyond the last bound that bound, and not a number when there was nothing.
     *
     * @param share from 0 to 1
     */
    public double quantile(double share) {
        if (total <= 0) {
            return Double.NaN;
        }
        double rank = share * total;
        double lower = 0;
        double below = 0;
        for (int i = 0; i < bounds.size(); i++) {
            double upTo = counts.get(i);
            if (upTo >= rank && upTo > below) {
                return lower + (bounds.get(i) - lower) * (rank - below) / (upTo - below);
            }
            lower = bounds.get(i);
            below = upTo;
        }
        return lower;
    }
}
