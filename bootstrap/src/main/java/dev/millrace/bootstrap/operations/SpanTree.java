package dev.millrace.bootstrap.operations;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** One trace for a person: each span below the one that it is a part of. */
final class SpanTree {

    private static final List<Screen.Column> COLUMNS =
            List.of(
                    new Screen.Column("AFTER", "/after"),
                    new Screen.Column("SPAN", "/span"),
                    new Screen.Column("TOOK", "/took"),
                    new Screen.Column("MORE", "/more"));

    private final JsonNode trace;
    private final Instant start;
    private final Set<String> known;

    private SpanTree(JsonNode trace) {
        this.trace = trace;
        this.start = instant(trace.path("spans").path(0));
        this.known =
                trace.path("spans")
                        .valueStream()
                        .map(span -> Screen.text(span.path("spanId")))
                        .collect(Collectors.toSet());
    }

    /** Prints a trace that has a span at least. */
    static void print(PrintWriter out, JsonNode trace) {
        out.println("trace " + Screen.text(trace.path("traceId")));
        SpanTree tree = new SpanTree(trace);
        List<JsonNode> rows = new ArrayList<>();
        trace.path("spans")
                .valueStream()
                .filter(tree::isOutermost)
                .forEach(span -> tree.add(rows, span, ""));
        Screen.table(out, COLUMNS, rows);
    }

    private boolean isOutermost(JsonNode span) {
        return !known.contains(Screen.text(span.path("parentId")));
    }

    private void add(List<JsonNode> rows, JsonNode span, String indent) {
        ObjectNode row = JsonMapper.shared().createObjectNode();
        row.put("after", seconds(Duration.between(start, instant(span)).toNanos() / 1e9));
        row.put("span", indent + Screen.text(span.path("name")));
        row.put("took", seconds(span.path("durationSeconds").asDouble(0)));
        row.put("more", more(span));
        rows.add(row);
        String id = Screen.text(span.path("spanId"));
        trace.path("spans")
                .valueStream()
                .filter(below -> Screen.text(below.path("parentId")).equals(id))
                .forEach(below -> add(rows, below, indent + "  "));
    }

    private static String more(JsonNode span) {
        List<String> parts = new ArrayList<>();
        JsonNode attributes = span.path("attributes");
        add(parts, "", attributes.path("millrace.outcome"));
        add(parts, "attempt ", attributes.path("millrace.attempt"));
        add(parts, "", attributes.path("millrace.reason"));
        add(parts, "by ", attributes.path("millrace.way"));
        add(parts, "", attributes.path("error.type"));
        add(parts, "HTTP ", attributes.path("http.response.status_code"));
        add(parts, "at ", attributes.path("millrace.position"));
        add(parts, "quarantine ID ", attributes.path("millrace.quarantine.id"));
        add(parts, "redrive ", attributes.path("millrace.redrive.id"));
        add(parts, "replay ", attributes.path("millrace.replay.id"));
        return String.join("; ", parts);
    }

    private static void add(List<String> parts, String before, JsonNode value) {
        String text = Screen.text(value);
        if (!text.isEmpty()) {
            parts.add(before + text);
        }
    }

    private static Instant instant(JsonNode span) {
        return Instant.parse(span.path("startedAt").asString());
    }

    private static String seconds(double seconds) {
        return seconds < 1
                ? String.format(Locale.ROOT, "%.1f ms", seconds * 1e3)
                : String.format(Locale.ROOT, "%.2f s", seconds);
    }
}
