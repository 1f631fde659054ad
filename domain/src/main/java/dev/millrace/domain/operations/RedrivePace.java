package dev.millrace.domain.operations;

import dev.millrace.domain.InvalidValue;

import java.util.Objects;

/**
 * How fast a job goes, and whether it goes on: a pure policy, asked once a second. It begins with
 * one event a second. What came of the events is counted in spans. When as many as it retries in a
 * second have come out well, and none badly, it doubles; when three and more than a fifth of a span
 * have failed, it stops; after twenty, or two seconds' worth, a new span begins. It never has more
 * than two seconds' worth under way, so that a failure that shows late is not repeated many times.
 *
 * @param rate events a second
 * @param succeeded how many had come out well when the span began
 * @param failed how many had failed then
 */
public record RedrivePace(int rate, long succeeded, long failed) {

    /** How every job begins. */
    public static final RedrivePace FIRST = new RedrivePace(1, 0, 0);

    /** The highest rate that may be asked for. */
    public static final int MAX_RATE = 1_000;

    private static final int FEWEST_FAILURES = 3;
    private static final int ONE_IN = 5;
    private static final int SPAN = 20;

    public RedrivePace {
        if (rate < 1 || rate > MAX_RATE) {
            throw new InvalidValue("rate", "must be a whole number from 1 to " + MAX_RATE);
        }
    }

    /** What a job does next. */
    public sealed interface Next {

        /**
         * It goes on.
         *
         * @param events how many to retry now, perhaps none
         */
        record Go(RedrivePace pace, int events) implements Next {
            public Go {
                Objects.requireNonNull(pace);
            }
        }

        /** It ends by itself. */
        record Stop(String why) implements Next {
            public Stop {
                Objects.requireNonNull(why);
            }
        }

        /** Nothing is left to do. */
        record Done() implements Next {}
    }

    /**
     * What follows from how far the job has come.
     *
     * @param most the highest rate of the job
     */
    public Next after(RedriveTally tally, int most) {
        long well = tally.succeeded() - succeeded;
        long badly = tally.failed() - failed;
        if (badly >= FEWEST_FAILURES && badly * ONE_IN > well + badly) {
            return new Next.Stop(
                    badly + " of the last " + (well + badly) + " retries failed: see their causes");
        }
        if (tally.remaining() == 0 && tally.underWay() == 0) {
            return new Next.Done();
        }
        RedrivePace pace = next(tally, well, badly, most);
        long room = Math.max(0, 2L * pace.rate() - tally.underWay());
        return new Next.Go(pace, (int) Math.min(Math.min(pace.rate(), room), tally.remaining()));
    }

    private RedrivePace next(RedriveTally tally, long well, long badly, int most) {
        if (badly == 0 && well >= rate) {
            return new RedrivePace(Math.min(2 * rate, most), tally.succeeded(), tally.failed());
        }
        return well + badly >= Math.max(SPAN, 2 * rate)
                ? new RedrivePace(rate, tally.succeeded(), tally.failed())
                : this;
    }
}
