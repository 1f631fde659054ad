package dev.millrace.domain.flow;

/**
 * How long something took over the last seconds; not a number where it did not happen.
 *
 * @param p50Seconds half of them took no longer
 * @param p99Seconds 99 of a hundred took no longer
 */
public record Latency(double p50Seconds, double p99Seconds) {

    /** Nothing happened, or nobody knows. */
    public static final Latency UNKNOWN = new Latency(Double.NaN, Double.NaN);
}
