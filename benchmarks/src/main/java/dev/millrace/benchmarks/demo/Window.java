package dev.millrace.benchmarks.demo;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/** Latencies of the last few intervals. Recording is thread-safe; moving on is for one thread. */
public final class Window {

    private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(5);
    private static final int PRECISION_DIGITS = 3;

    private final Recorder recorder = new Recorder(LONGEST_MICROS, PRECISION_DIGITS);
    private final Deque<Histogram> intervals = new ArrayDeque<>();
    private final int length;

    /**
     * @param length how many intervals count
     */
    public Window(int length) {
        this.length = length;
    }

    /** One took so long. */
    public void record(long nanos) {
        recorder.recordValue(Math.clamp(nanos / 1_000, 0, LONGEST_MICROS));
    }

    /** Ends an interval, and answers for the last few. */
    public Latencies next() {
        intervals.addLast(recorder.getIntervalHistogram());
        if (intervals.size() > length) {
            intervals.removeFirst();
        }
        Histogram all = new Histogram(LONGEST_MICROS, PRECISION_DIGITS);
        intervals.forEach(all::add);
        return new Latencies(
                all.getTotalCount(),
                all.getValueAtPercentile(50) / 1e3,
                all.getValueAtPercentile(95) / 1e3,
                all.getValueAtPercentile(99) / 1e3);
    }
}
