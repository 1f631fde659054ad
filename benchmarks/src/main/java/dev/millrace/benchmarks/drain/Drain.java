package dev.millrace.benchmarks.drain;

import dev.millrace.benchmarks.process.Failure;
import dev.millrace.benchmarks.process.Scrape;
import dev.millrace.benchmarks.process.Service;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Watches a worker drain a topic. */
public final class Drain {

    private static final Duration STEP = Duration.ofMillis(100);
    private static final Duration FIRST_EVENT_BOUND = Duration.ofSeconds(60);
    private static final String EVENTS = "millrace_processing_events_total";
    private static final String TRANSACTIONS = "millrace_processing_transaction_seconds";

    /** How many events were done at a time. */
    record Point(long nanos, long events) {}

    /**
     * What was measured.
     *
     * @param events how many were counted, after the warm-up
     * @param eventsPerTransaction over all of the round
     * @param transactionMillis the mean time of a transaction, over all of the round
     */
    public record Result(
            long events,
            double eventsPerSecond,
            double eventsPerTransaction,
            double transactionMillis) {}

    private Drain() {}

    /**
     * Watches until all events are done, or the time is over.
     *
     * @param warmUp what is not counted after the first event
     */
    public static Result watch(Service worker, long events, Duration warmUp, Duration atMost)
            throws InterruptedException {
        List<Point> points = new ArrayList<>();
        long start = System.nanoTime();
        Optional<Scrape> last = Optional.empty();
        long firstAt = 0;
        long done = 0;
        while (done < events
                && (done == 0 || System.nanoTime() - firstAt < atMost.plus(warmUp).toNanos())) {
            if (!worker.isAlive()) {
                throw new Failure(
                        "the worker has died. The last it said ("
                                + worker.log()
                                + "):\n"
                                + worker.lastLines());
            }
            Optional<Scrape> scrape = worker.scrape();
            long now = System.nanoTime();
            if (scrape.isPresent()) {
                done = (long) scrape.get().sum(EVENTS, "");
                last = scrape;
            }
            if (done > 0) {
                firstAt = firstAt == 0 ? now : firstAt;
                points.add(new Point(now, done));
            } else if (now - start > FIRST_EVENT_BOUND.toNanos()) {
                throw new Failure("the worker does nothing; its log is " + worker.log());
            }
            Thread.sleep(STEP);
        }
        Scrape end = last.orElseThrow();
        double transactions = Math.max(1, end.sum(TRANSACTIONS + "_count", ""));
        double seconds = end.sum(TRANSACTIONS + "_sum", "");
        Progress progress = progress(points, warmUp);
        return new Result(
                progress.events(),
                progress.eventsPerSecond(),
                done / transactions,
                1e3 * seconds / transactions);
    }

    /** What was done between two points in time. */
    record Progress(long events, double eventsPerSecond) {}

    /** What was done after the warm-up, or in all when there is not much more than that. */
    static Progress progress(List<Point> points, Duration warmUp) {
        Point first = points.getFirst();
        Point end = points.getLast();
        Point begin =
                points.stream()
                        .filter(point -> point.nanos() - first.nanos() >= warmUp.toNanos())
                        .filter(point -> end.nanos() - point.nanos() >= warmUp.toNanos())
                        .findFirst()
                        .orElse(first);
        long events = end.events() - begin.events();
        double seconds = (end.nanos() - begin.nanos()) / 1e9;
        return new Progress(events, seconds == 0 ? 0 : events / seconds);
    }
}
