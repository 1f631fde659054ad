package dev.millrace.benchmarks.demo;

import dev.millrace.benchmarks.process.Scrape;

/**
 * What the service counted from its start on.
 *
 * @param accepted events that it answered 202
 * @param invalid events that it answered 400
 * @param backlog entries that the broker holds for the subscription, as it counted last
 */
public record Counts(
        long accepted,
        long invalid,
        long applied,
        long duplicate,
        long rejected,
        long conflict,
        long quarantined,
        long backlog) {

    private static final String GATE = "millrace_gate_events_total";
    private static final String PROCESSING = "millrace_processing_events_total";

    /** Nothing yet. */
    public static final Counts ZERO = new Counts(0, 0, 0, 0, 0, 0, 0, 0);

    /** What a reading says. */
    public static Counts of(Scrape scrape) {
        return new Counts(
                (long) scrape.sum(GATE, "result=\"accepted\""),
                (long) scrape.sum(GATE, "result=\"invalid\""),
                (long) scrape.sum(PROCESSING, "outcome=\"applied\""),
                (long) scrape.sum(PROCESSING, "outcome=\"duplicate\""),
                (long) scrape.sum(PROCESSING, "outcome=\"rejected\""),
                (long) scrape.sum(PROCESSING, "outcome=\"conflict\""),
                (long) scrape.sum(PROCESSING, "outcome=\"quarantined\""),
                (long) scrape.sum("millrace_subscription_backlog_entries", ""));
    }

    /** What has come since an earlier reading; the backlog is that of now. */
    public Counts since(Counts earlier) {
        return new Counts(
                accepted - earlier.accepted,
                invalid - earlier.invalid,
                applied - earlier.applied,
                duplicate - earlier.duplicate,
                rejected - earlier.rejected,
                conflict - earlier.conflict,
                quarantined - earlier.quarantined,
                backlog);
    }

    /** The same for one second, when this came in so many. */
    public Counts perSecond(double seconds) {
        return new Counts(
                Math.round(accepted / seconds),
                Math.round(invalid / seconds),
                Math.round(applied / seconds),
                Math.round(duplicate / seconds),
                Math.round(rejected / seconds),
                Math.round(conflict / seconds),
                Math.round(quarantined / seconds),
                backlog);
    }

    /** How many deliveries have their outcome. */
    public long outcomes() {
        return applied + duplicate + rejected + conflict + quarantined;
    }
}
