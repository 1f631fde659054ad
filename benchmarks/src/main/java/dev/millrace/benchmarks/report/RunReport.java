package dev.millrace.benchmarks.report;

import dev.millrace.benchmarks.demo.Counts;
import dev.millrace.benchmarks.demo.Latencies;
import dev.millrace.benchmarks.demo.Summary;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** What a demonstration showed from moment to moment, kept until its end. For one thread. */
public final class RunReport {

    private final List<Summary> moments = new ArrayList<>();

    /** Keeps what was shown at one moment. */
    public void add(Summary moment) {
        moments.add(moment);
    }

    /**
     * Writes {@code index.html}, which has everything in it, and each plot by itself.
     *
     * @param setting what ran, in one line
     * @param verdict what came of it, in one line
     * @param total what was counted in all
     */
    public void write(Path folder, String setting, String verdict, Counts total)
            throws IOException {
        StringBuilder figures = new StringBuilder();
        for (Map.Entry<String, Plot> each : plots().entrySet()) {
            String svg = each.getValue().svg();
            Files.writeString(folder.resolve(each.getKey() + ".svg"), svg);
            figures.append("<h2>").append(Plot.escaped(each.getValue().title())).append("</h2>\n");
            // What is wider than a phone is reached by the keyboard, too.
            figures.append("<figure tabindex=\"0\">").append(svg).append("</figure>\n");
        }
        Files.writeString(
                folder.resolve("index.html"),
                page(setting, verdict, rows(total), figures.toString()));
    }

    private static String page(String setting, String verdict, String rows, String figures) {
        return """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>A run of Millrace</title>
        <style>
        :root{color-scheme:light dark}
        body{margin:0 auto;max-width:52rem;padding:1.5rem 1rem 3rem;background:#f4f6f7;color:#16222a;
          font:16px/1.5 system-ui,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;font-variant-numeric:tabular-nums}
        h1{margin:0;font-size:1.6rem;line-height:1.25}h2{margin:2rem 0 .25rem;font-size:1.15rem}p{margin:.25rem 0 .75rem}
        .soft{color:#4d5d66}.verdict{font-weight:650}
        figure{margin:.5rem 0;overflow-x:auto;border:1px solid #dde4e7;border-radius:8px;background:#fff}
        figure svg{display:block;min-width:34rem;width:100%%;height:auto}
        table{border-collapse:collapse}th,td{padding:.2rem 1.5rem .2rem 0;text-align:left;font-weight:400}
        td{text-align:right}code{font:.9em ui-monospace,Menlo,"DejaVu Sans Mono",monospace}
        @media (prefers-color-scheme:dark){body{background:#10161a;color:#e6edf0}.soft{color:#a2b1b9}
        figure{border-color:#2b3841;background:#172026}}
        </style>
        </head>
        <body>
        <h1>A run of Millrace</h1>
        <p class="soft">%s</p>
        <p class="verdict">%s</p>
        <table>
        %s</table>
        %s</body>
        </html>
        """
                .formatted(Plot.escaped(setting), Plot.escaped(verdict), rows, figures);
    }

    private Map<String, Plot> plots() {
        Map<String, Plot> plots = new LinkedHashMap<>();
        plots.put(
                "rates",
                new Plot(
                        "Events, by what became of them",
                        "events/s",
                        false,
                        seconds(),
                        List.of(
                                line("accepted", moment -> moment.second().accepted()),
                                line("applied", moment -> moment.second().applied()),
                                line("rejected", moment -> moment.second().rejected()),
                                line("duplicate", moment -> moment.second().duplicate()))));
        plots.put("receipt", latency("POST to 202 (receipt)", Summary::toReceipt));
        plots.put("effect", latency("POST to effect readable (end to end)", Summary::toEffect));
        plots.put("commit", latency("Publish to commit (in the service)", Summary::toCommit));
        plots.put(
                "backlog",
                new Plot(
                        "Backlog, as the broker counts it",
                        "entries",
                        false,
                        seconds(),
                        List.of(line("not acknowledged", moment -> moment.total().backlog()))));
        return plots;
    }

    private Plot latency(String title, Function<Summary, Latencies> which) {
        return new Plot(
                title + ", percentiles of the last 5 s",
                "ms, log",
                true,
                seconds(),
                List.of(
                        percentile("p50", which, Latencies::p50),
                        percentile("p95", which, Latencies::p95),
                        percentile("p99", which, Latencies::p99)));
    }

    private Plot.Line percentile(
            String name, Function<Summary, Latencies> which, ToDoubleFunction<Latencies> value) {
        return line(
                name,
                moment -> {
                    Latencies latencies = which.apply(moment);
                    return latencies.count() == 0 ? Double.NaN : value.applyAsDouble(latencies);
                });
    }

    private Plot.Line line(String name, ToDoubleFunction<Summary> value) {
        return new Plot.Line(name, moments.stream().mapToDouble(value).boxed().toList());
    }

    private List<Double> seconds() {
        return moments.stream().map(moment -> moment.running().toMillis() / 1e3).toList();
    }

    private static String rows(Counts total) {
        Map<String, Long> rows = new LinkedHashMap<>();
        rows.put("applied: took effect", total.applied());
        rows.put("rejected: a business rule said no", total.rejected());
        rows.put("duplicate: sent again, no second effect", total.duplicate());
        rows.put("conflict: same ID, other content, kept for a person", total.conflict());
        StringBuilder text = new StringBuilder();
        rows.forEach((name, count) ->
                text.append(
                        String.format(
                                Locale.ROOT,
                                "<tr><th scope=\"row\">%s</th><td>%,d</td></tr>%n",
                                name,
                                count)));
        return text.toString();
    }
}
