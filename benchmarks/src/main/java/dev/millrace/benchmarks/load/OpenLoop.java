package dev.millrace.benchmarks.load;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;

/**
 * Does something at an even rate, whether or not the earlier ones are done. At most so many are
 * under way; when they are, the next ones start late, and their latency shows it since it counts
 * from the intended time.
 */
public final class OpenLoop {

    /** What happens at each tick. */
    @FunctionalInterface
    public interface Action {

        /**
         * Happens on a thread of its own.
         *
         * @param index of the tick, from 0
         * @param intendedNanos when it should start, on the scale of {@link System#nanoTime}
         */
        void at(long index, long intendedNanos) throws InterruptedException;
    }

    private final LongUnaryOperator delays;
    private final int mostUnderWay;
    private final Semaphore underWay;
    private final CountDownLatch stopped = new CountDownLatch(1);

    /**
     * @param perSecond ticks a second, above 0
     * @param ramp how long the rate rises to that from nothing
     * @param mostUnderWay a bound for what this process has open at once
     */
    public OpenLoop(double perSecond, Duration ramp, int mostUnderWay) {
        this.delays = delays(perSecond, ramp);
        this.mostUnderWay = mostUnderWay;
        this.underWay = new Semaphore(mostUnderWay);
    }

    /** How many nanoseconds after the start each tick is due. */
    static LongUnaryOperator delays(double perSecond, Duration ramp) {
        if (!(perSecond > 0) || Double.isInfinite(perSecond)) {
            throw new IllegalArgumentException("the rate must be above 0, not " + perSecond);
        }
        double rampSeconds = ramp.toNanos() / 1e9;
        double inRamp = perSecond * rampSeconds / 2;
        return index ->
                (long)
                        (1e9
                                * (index < inRamp
                                        ? Math.sqrt(2 * index * rampSeconds / perSecond)
                                        : rampSeconds + (index - inRamp) / perSecond));
    }

    /** Ticks until it is stopped, and returns when all that it started is done. */
    public void run(Action action) throws InterruptedException {
        long start = System.nanoTime();
        long index = 0;
        while (!waitUntil(start + delays.applyAsLong(index))) {
            long intended = start + delays.applyAsLong(index);
            long tick = index++;
            underWay.acquire();
            Thread.ofVirtual().start(() -> perform(action, tick, intended));
        }
        underWay.acquire(mostUnderWay);
        underWay.release(mostUnderWay);
    }

    private void perform(Action action, long index, long intended) {
        try {
            action.at(index, intended);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            underWay.release();
        }
    }

    /** Answers whether it was stopped meanwhile. */
    private boolean waitUntil(long due) throws InterruptedException {
        return stopped.await(Math.max(0, due - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    /** No further ticks. */
    public void stop() {
        stopped.countDown();
    }
}
