package dev.millrace.bootstrap.operations;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** What happened to one event. */
@Command(
        name = "trace",
        description =
                "Tells what happened to an event, in order: when it was published, how often it was"
                        + " tried and why it failed, where it waits, what people did about it, and"
                        + " what it did. Then its spans, as far as the process that answers has"
                        + " kept them.",
        footer = {
            "",
            "Examples:",
            "  millrace trace bank-171812",
            "  millrace trace bank-171812 --stream ledger-entries -o json",
            "  millrace trace --position 4:17:2:0"
        })
final class TraceCommand implements Callable<Integer> {

    private static final String UNDATED = "(later)";

    private static final List<Screen.Column> COLUMNS =
            List.of(
                    new Screen.Column("AT", "/at"),
                    new Screen.Column("WHAT", "/what"),
                    new Screen.Column("MORE", "/more"));

    private final Map<String, String> environment;

    @Mixin private Target target = new Target();

    @Option(
            names = "--stream",
            paramLabel = "NAME",
            description = "the event's stream (default: the only one that there is)")
    private String stream = "";

    @Parameters(paramLabel = "MESSAGE_ID", arity = "0..1", description = "the event's message ID")
    private String messageId = "";

    @Option(
            names = "--position",
            paramLabel = "POSITION",
            description = "where a copy of it lies in the topic, instead of its message ID")
    private String position = "";

    TraceCommand(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    @Override
    public Integer call() {
        if (messageId.isEmpty() == position.isEmpty()) {
            throw OperationFailure.mistake("Say which event is meant: MESSAGE_ID or --position.");
        }
        try (Management management = target.open(environment)) {
            String path =
                    "/streams/"
                            + Management.encode(
                                    stream.isEmpty() ? onlyStream(management.info()) : stream);
            String wanted = position.isEmpty() ? messageId : locate(management, path);
            JsonNode told =
                    management.get(
                            path + "/messages/" + Management.encode(wanted) + "/life", Map.of());
            JsonNode traces = management.get("/traces", Map.of("messageId", wanted)).path("traces");
            if (target.isJson()) {
                ((ObjectNode) told).set("traces", traces);
                target.printObject(told);
            } else {
                print(target.out(), told, traces);
            }
        }
        return ExitCodes.DONE;
    }

    private String locate(Management management, String path) {
        JsonNode copy =
                management.get(path + "/positions/" + Management.encode(position), Map.of());
        String found = Screen.text(copy.path("messageId"));
        if (found.isEmpty()) {
            throw OperationFailure.refused("The copy at " + position + " has no message ID.");
        }
        return found;
    }

    private static String onlyStream(JsonNode info) {
        List<String> streams = info.path("streams").valueStream().map(Screen::text).toList();
        if (streams.size() != 1) {
            throw OperationFailure.mistake(
                    "Say which stream is meant: --stream "
                            + (streams.isEmpty() ? "NAME" : String.join(" | ", streams))
                            + ".");
        }
        return streams.getFirst();
    }

    private static void print(PrintWriter out, JsonNode told, JsonNode traces) {
        boolean first = true;
        for (JsonNode life : told.path("subscriptions")) {
            if (!first) {
                out.println();
            }
            first = false;
            out.println(title(told, life));
            Screen.table(
                    out,
                    COLUMNS,
                    life.path("moments").valueStream().map(TraceCommand::row).toList());
        }
        for (JsonNode trace : traces) {
            out.println();
            SpanTree.print(out, trace);
        }
        out.flush();
    }

    private static String title(JsonNode told, JsonNode life) {
        List<String> parts = new ArrayList<>();
        parts.add(Screen.text(told.path("stream")) + "/" + Screen.text(life.path("subscription")));
        parts.add(
                Screen.text(life.path("state"))
                        + (life.has("reason")
                                ? " (" + Screen.text(life.path("reason")) + ")"
                                : ""));
        add(parts, "key ", life.path("key"));
        add(parts, "copies ", life.path("copies"));
        add(parts, "trace ", life.path("traceId"));
        return String.join("   ", parts);
    }

    private static JsonNode row(JsonNode moment) {
        ObjectNode row = JsonMapper.shared().createObjectNode();
        row.put("at", moment.has("at") ? Screen.text(moment.path("at")) : UNDATED);
        row.put("what", Screen.text(moment.path("what")));
        row.put("more", more(moment));
        return row;
    }

    private static String more(JsonNode moment) {
        List<String> parts = new ArrayList<>();
        add(parts, "at ", moment.path("position"));
        add(parts, "attempt ", moment.path("attempt"));
        add(parts, "", moment.path("exception"));
        add(parts, "", moment.path("message"));
        add(parts, "at ", moment.path("frames").path(0));
        add(parts, "attempts ", moment.path("attempts"));
        add(parts, "due at ", moment.path("dueAt"));
        add(parts, "", moment.path("reason"));
        add(parts, "quarantine ID ", moment.path("quarantineId"));
        if (moment.path("unpublished").asBoolean(false)) {
            parts.add("not in the dead-letter topic yet");
        }
        add(parts, "by ", moment.path("by"));
        add(parts, "why: ", moment.path("why"));
        add(parts, "redrive ", moment.path("details").path("redriveId"));
        add(parts, "edition ", moment.path("details").path("edition"));
        add(parts, "", moment.path("effect"));
        return parts.stream().collect(Collectors.joining("; "));
    }

    private static void add(List<String> parts, String before, JsonNode value) {
        String text = Screen.text(value);
        if (!text.isEmpty()) {
            parts.add(before + text);
        }
    }
}
