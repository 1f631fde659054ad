package dev.millrace.benchmarks.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What the demonstration shows at one moment.
 *
 * @param running how long the traffic runs
 * @param second what came in the last interval, for one second
 * @param total what came since the traffic began
 * @param failed requests that were answered otherwise than 202 and 400, or not at all
 * @param toReceipt from the time at which an event should be sent to its 202
 * @param toEffect from that time until its effect can be read over HTTP; measured for some of the
 *     events
 * @param toCommit from publishing to commit, of all events, as the service measures it
 */
public record Summary(
        Duration running,
        Counts second,
        Counts total,
        long failed,
        Latencies toReceipt,
        Latencies toEffect,
        Latencies toCommit) {

    /** As a table for a terminal. */
    public List<String> table() {
        List<String> lines = new ArrayList<>();
        String title =
                String.format(
                        Locale.ROOT,
                        "Millrace, running for %d:%02d min",
                        running.toMinutes(),
                        running.toSecondsPart());
        lines.add(String.format(Locale.ROOT, "%-42s%12s%14s", title, "per second", "in total"));
        lines.add(row("accepted", "answered 202, stored", second.accepted(), total.accepted()));
        lines.add(row("  applied", "took effect", second.applied(), total.applied()));
        lines.add(
                row(
                        "  rejected",
                        "overdraft or other currency",
                        second.rejected(),
                        total.rejected()));
        lines.add(
                row(
                        "  duplicate",
                        "sent again, no second effect",
                        second.duplicate(),
                        total.duplicate()));
        lines.add(
                row(
                        "  conflict",
                        "same ID, other content: kept",
                        second.conflict(),
                        total.conflict()));
        lines.add(row("invalid", "answered 400, not stored", second.invalid(), total.invalid()));
        if (failed > 0) {
            lines.add(row("failed", "answered 429, 5xx or nothing", 0, failed));
        }
        lines.add(row("backlog", "entries, as the broker counts", total.backlog(), -1));
        lines.add("");
        lines.add(
                String.format(
                        Locale.ROOT,
                        "%-43s%10s%10s%10s",
                        "latency in ms, last seconds",
                        "p50",
                        "p95",
                        "p99"));
        lines.add(String.format(Locale.ROOT, "%-43s%s", "POST to 202 (receipt)", toReceipt.row()));
        lines.add(
                String.format(
                        Locale.ROOT,
                        "%-43s%s",
                        "POST to effect readable (end to end)",
                        toEffect.row()));
        lines.add(
                String.format(
                        Locale.ROOT,
                        "%-43s%s",
                        "publish to commit (in the service)",
                        toCommit.row()));
        return lines;
    }

    private static String row(String name, String meaning, long perSecond, long inTotal) {
        return String.format(
                        Locale.ROOT,
                        "%-12s%-30s%,12d%14s",
                        name,
                        meaning,
                        perSecond,
                        inTotal < 0 ? "" : String.format(Locale.ROOT, "%,d", inTotal))
                .stripTrailing();
    }

    /** As one line for a log. */
    public String line() {
        return String.format(
                Locale.ROOT,
                "%4d s  per second: accepted %d, applied %d, rejected %d, duplicate %d, conflict"
                        + " %d, invalid %d; end to end %s; publish to commit %s; backlog %d",
                running.toSeconds(),
                second.accepted(),
                second.applied(),
                second.rejected(),
                second.duplicate(),
                second.conflict(),
                second.invalid(),
                toEffect.sentence(),
                toCommit.sentence(),
                total.backlog());
    }
}
