package dev.millrace.bootstrap.operations;

import tools.jackson.databind.JsonNode;

import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Prints an audit as it comes: differences and the end where answers go, and from time to time how
 * far it is, or that nothing is heard of it, where a person looks.
 */
final class AuditPrinter implements AutoCloseable {

    private static final long NEWS_SECONDS = 5;

    private final Target target;
    private final ScheduledExecutorService news =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("audit-news").factory());
    private volatile String progress = "Nothing is heard of the audit yet.";
    private Optional<JsonNode> report = Optional.empty();

    AuditPrinter(Target target) {
        this.target = target;
        var _ =
                news.scheduleWithFixedDelay(
                        this::tellProgress, NEWS_SECONDS, NEWS_SECONDS, TimeUnit.SECONDS);
    }

    /** Takes one line of the answer. */
    void take(JsonNode line) {
        if (line.has("progress")) {
            progress =
                    Screen.number(line.at("/progress/copies").asLong(0))
                            + " copies and "
                            + Screen.number(line.at("/progress/records").asLong(0))
                            + " records are looked at.";
        } else if (line.has("difference")) {
            print(line, difference(line.path("difference")));
        } else if (line.has("report")) {
            report = Optional.of(line.path("report"));
            print(line, "");
        } else if (line.has("problem")) {
            throw OperationFailure.unreachable(
                    "The audit did not come to its end: "
                            + Screen.text(line.at("/problem/detail")));
        }
    }

    private void print(JsonNode line, String words) {
        if (target.isJson()) {
            target.out().println(line);
        } else if (!words.isEmpty()) {
            target.out().println(words);
        }
        target.out().flush();
    }

    private static String difference(JsonNode difference) {
        return Screen.text(difference.path("kind"))
                + "  position "
                + Screen.text(difference.path("position"))
                + "  message ID "
                + Screen.text(difference.path("messageId"))
                + "  "
                + Screen.text(difference.path("detail"));
    }

    private void tellProgress() {
        target.err().println(progress);
        target.err().flush();
    }

    /** Prints the end, and answers what follows from it. */
    int exitCode() {
        JsonNode end =
                report.orElseThrow(() ->
                        OperationFailure.unreachable(
                                "The audit did not come to its end: the service stopped telling."));
        long differences = end.path("differences").asLong(0);
        if (!target.isJson()) {
            end.path("copies")
                    .propertyStream()
                    .forEach(count ->
                            target.out()
                                    .println(
                                            Screen.printable(count.getKey())
                                                    + "  "
                                                    + Screen.number(count.getValue().asLong(0))));
            target.out()
                    .println(
                            differences == 0
                                    ? "Topic and tables agree."
                                    : Screen.number(differences) + " differences.");
            target.out().flush();
        }
        return differences == 0 ? ExitCodes.DONE : ExitCodes.DIFFERENCES;
    }

    @Override
    public void close() {
        news.shutdownNow();
    }
}
