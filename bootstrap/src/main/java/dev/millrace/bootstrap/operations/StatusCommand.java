package dev.millrace.bootstrap.operations;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import tools.jackson.databind.JsonNode;

import java.io.Console;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Callable;

/** How one process fares, once or again and again. */
@Command(
        name = "status",
        description =
                "Shows how a service fares: what flows, what waits, and what holds it up. Ends with"
                        + " 0 when it is ready, and with 1 when it is not.",
        footer = {
            "",
            "Examples:",
            "  millrace status",
            "  millrace status --watch",
            "  millrace status --json | jq -r .bottleneck.kind"
        })
final class StatusCommand implements Callable<Integer> {

    private static final String PATH = "/status";
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration STALE = Duration.ofSeconds(5);

    private final Map<String, String> environment;
    private final Duration interval;

    @Mixin private Target target = new Target();

    @Option(names = "--json", description = "the same as --output json")
    private boolean json;

    @Option(
            names = "--watch",
            description =
                    "shows it again and again until Ctrl-C, in place on a terminal, and says when"
                            + " it is stale")
    private boolean watch;

    StatusCommand(Map<String, String> environment, Duration interval) {
        this.environment = Map.copyOf(environment);
        this.interval = interval;
    }

    @Override
    public Integer call() {
        try (Management management = target.open(environment)) {
            JsonNode status = management.get(PATH, Map.of());
            if (watch) {
                return watch(management, status);
            }
            show(json || target.isJson() ? status + "\n" : StatusText.of(status));
            return status.path("ready").asBoolean(false) ? ExitCodes.DONE : ExitCodes.NOT_DONE;
        }
    }

    private int watch(Management management, JsonNode first) {
        boolean inPlace = isTerminal();
        Seen seen = new Seen(first);
        while (true) {
            if (json || target.isJson()) {
                show(seen.status + "\n");
            } else {
                String text = seen.staleness() + StatusText.of(seen.status);
                show(inPlace ? StatusText.inPlace(text) : text + "\n");
            }
            try {
                Thread.sleep(interval);
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
                return ExitCodes.DONE;
            }
            seen.look(management);
        }
    }

    /** From JDK 25 on there is again no console where there is no terminal. */
    @SuppressWarnings("SystemConsoleNull")
    private static boolean isTerminal() {
        Console console = System.console();
        return console != null && console.isTerminal();
    }

    private void show(String text) {
        target.out().print(text);
        target.out().flush();
    }

    /** What was seen last, and since when it has been the same. */
    private static final class Seen {
        private JsonNode status;
        private long changedAt = System.nanoTime();
        private String trouble = "";

        Seen(JsonNode first) {
            status = first;
        }

        void look(Management management) {
            try {
                JsonNode now = management.get(PATH, PATIENCE);
                if (!now.path("at").equals(status.path("at"))) {
                    changedAt = System.nanoTime();
                }
                status = now;
                trouble = "";
            } catch (OperationFailure away) {
                trouble = String.valueOf(away.getMessage());
            }
        }

        /** A line that says so when it is not of now. */
        String staleness() {
            Duration age = Duration.ofNanos(System.nanoTime() - changedAt);
            return trouble.isEmpty() && age.compareTo(STALE) < 0
                    ? ""
                    : "STALE, as it was " + age.toSeconds() + " s ago. " + trouble + "\n";
        }
    }
}
