package dev.millrace.domain.flow;

/**
 * What the lanes of one subscription in one process did over the last seconds.
 *
 * @param appliedRate events per second that took effect
 * @param rejectedRate events per second that the stream's rules rejected
 * @param busyLanes how many lanes were in a transaction, on average
 * @param largestKeyShare how much of a batch was of one key: 0 when each event had another one, 1
 *     when all had the same; not a number where no batch had two events
 */
public record Progress(
        double appliedRate, double rejectedRate, double busyLanes, double largestKeyShare) {

    /** Nobody works here, or nobody knows. */
    public static final Progress UNKNOWN =
            new Progress(Double.NaN, Double.NaN, Double.NaN, Double.NaN);
}
