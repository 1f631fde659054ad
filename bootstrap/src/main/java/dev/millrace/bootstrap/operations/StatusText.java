package dev.millrace.bootstrap.operations;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A status in words for a person. What nobody knows is a question mark. */
final class StatusText {

    private static final String UNKNOWN = "?";
    private static final int NAME_WIDTH = 13;
    private static final double MILLIS = 1_000;
    private static final double MINUTE = 60;

    private final List<String> lines = new ArrayList<>();

    private StatusText() {}

    /** The text, with a line feed at its end. */
    static String of(JsonNode status) {
        StatusText text = new StatusText();
        text.addProcess(status);
        if (status.has("gate")) {
            text.addGate(status.path("gate"));
        }
        status.path("subscriptions").forEach(text::addSubscription);
        if (status.has("database")) {
            JsonNode database = status.path("database");
            text.lines.add("database");
            text.add(
                    "connections",
                    number(database, "connectionsActive")
                            + " of "
                            + number(database, "connectionsMax")
                            + " in use, "
                            + number(database, "connectionsWaiting")
                            + " waited for");
        }
        return text.lines.stream()
                .map(line -> Screen.printable(line) + "\n")
                .collect(Collectors.joining());
    }

    /** The same for a terminal, in the place of the one before. */
    static String inPlace(String text) {
        return "\u001b[H" + text.replace("\n", "\u001b[K\n") + "\u001b[J";
    }

    private void addProcess(JsonNode status) {
        String roles =
                status.path("roles")
                        .valueStream()
                        .map(Screen::text)
                        .collect(Collectors.joining(", "));
        lines.add(
                Screen.text(status.path("instance"))
                        + " "
                        + Screen.text(status.path("version"))
                        + " ("
                        + roles
                        + ") is "
                        + (status.path("ready").asBoolean(false) ? "ready" : "NOT READY"));
        // Nobody reads a fraction of a second that is renewed every second.
        add("at", Screen.text(status.path("at")).replaceFirst("\\.\\d+Z$", "Z"));
        JsonNode bottleneck = status.path("bottleneck");
        add("bottleneck", Screen.text(bottleneck.path("kind")));
        add("", Screen.text(bottleneck.path("verdict")));
        String advice = Screen.text(bottleneck.path("advice"));
        if (!advice.isEmpty()) {
            add("", advice);
        }
        for (JsonNode condition : status.path("conditions")) {
            if (!condition.path("met").asBoolean(false)) {
                add(
                        "not met",
                        Screen.text(condition.path("name"))
                                + ": "
                                + Screen.text(condition.path("detail")));
            }
        }
    }

    private void addGate(JsonNode gate) {
        lines.add("gate");
        add(
                "accepted",
                number(gate, "acceptedRate")
                        + " events/s, "
                        + number(gate, "refusedRate")
                        + " refused");
        add("publish", latency(gate, "publish"));
        add("under way", number(gate, "inFlight") + " of " + number(gate, "inFlightLimit"));
    }

    private void addSubscription(JsonNode subscription) {
        lines.add(
                Screen.text(subscription.path("stream"))
                        + "/"
                        + Screen.text(subscription.path("subscription"))
                        + " ("
                        + Screen.text(subscription.path("type"))
                        + ")");
        add(
                "backlog",
                number(subscription, "backlogEntries")
                        + " entries, about "
                        + number(subscription, "backlogEvents")
                        + " events"
                        + oldest(subscription, "backlogEntries", "backlogAgeSeconds"));
        if (!subscription.has("lanes")) {
            return;
        }
        add(
                "applied",
                number(subscription, "appliedRate")
                        + " events/s, "
                        + number(subscription, "rejectedRate")
                        + " rejected");
        add("lag", latency(subscription, "lag"));
        add("transaction", latency(subscription, "transaction"));
        add(
                "lanes",
                subscription
                                .path("lanes")
                                .propertyStream()
                                .map(state -> Screen.text(state.getValue()) + " " + state.getKey())
                                .collect(Collectors.joining(", "))
                        + "; breaker "
                        + Screen.text(subscription.path("breaker")));
        add(
                "parked",
                number(subscription, "parkedEvents")
                        + " events of "
                        + number(subscription, "parkedKeys")
                        + " keys"
                        + oldest(subscription, "parkedEvents", "oldestParkedSeconds"));
        add(
                "quarantine",
                number(subscription, "quarantined")
                        + " copies, "
                        + number(subscription, "outboxEvents")
                        + " of them not yet in the dead-letter topic");
    }

    private void add(String name, String value) {
        lines.add("  " + name + " ".repeat(NAME_WIDTH - name.length()) + value);
    }

    /** Nothing is not old. */
    private static String oldest(JsonNode of, String count, String age) {
        return of.path(count).isNumber() && of.path(count).asDouble() == 0
                ? ""
                : ", the oldest " + seconds(of, age) + " old";
    }

    private static String latency(JsonNode of, String name) {
        return "p50 "
                + seconds(of, name + "P50Seconds")
                + ", p99 "
                + seconds(of, name + "P99Seconds");
    }

    private static String number(JsonNode of, String name) {
        JsonNode value = of.path(name);
        if (!value.isNumber()) {
            return UNKNOWN;
        }
        double number = value.asDouble();
        return number == Math.rint(number)
                ? Screen.number((long) number)
                : String.format(Locale.ROOT, "%,.1f", number);
    }

    /** In the unit in which a person reads it. */
    private static String seconds(JsonNode of, String name) {
        JsonNode value = of.path(name);
        if (!value.isNumber()) {
            return UNKNOWN;
        }
        double seconds = value.asDouble();
        if (seconds < 1) {
            return String.format(Locale.ROOT, "%.0f ms", seconds * MILLIS);
        }
        return seconds < 2 * MINUTE
                ? String.format(Locale.ROOT, "%.1f s", seconds)
                : String.format(Locale.ROOT, "%,.0f min", seconds / MINUTE);
    }
}
