package dev.millrace.bootstrap.operations;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.JsonNode;

import java.util.List;
import java.util.Map;

/** The retries of many events that run, or have run, in the service. */
@Command(
        name = "redrive",
        description =
                "Shows the retries of many events, which quarantine retry starts, and cancels"
                        + " them.",
        footer = {
            "",
            "Examples:",
            "  millrace redrive list",
            "  millrace redrive show 3 --follow",
            "  millrace redrive cancel 3 --why 'it was the wrong filter'"
        })
final class RedriveCommand {

    private static final List<Screen.Column> COLUMNS =
            List.of(
                    new Screen.Column("ID", "/id"),
                    new Screen.Column("STATE", "/state"),
                    new Screen.Column("RETRIED", "/retried"),
                    new Screen.Column("SUCCEEDED", "/succeeded"),
                    new Screen.Column("FAILED", "/failed"),
                    new Screen.Column("REMAINING", "/remaining"),
                    new Screen.Column("RATE", "/rate"),
                    new Screen.Column("BY", "/by"),
                    new Screen.Column("STARTED AT", "/startedAt"),
                    new Screen.Column("ENDED AT", "/endedAt"),
                    new Screen.Column("DETAIL", "/detail"));

    private final Map<String, String> environment;
    private final JobWatch watch;

    RedriveCommand(Map<String, String> environment, JobWatch watch) {
        this.environment = Map.copyOf(environment);
        this.watch = watch;
    }

    @Command(
            name = "list",
            description = "Lists the redrives.",
            footer = {"", "Example:", "  millrace redrive list"})
    int list(@Mixin Target target, @Mixin Page page) {
        try (Management management = target.open(environment)) {
            target.printList(management.get("/redrives", page.with(Map.of())), "redrives", COLUMNS);
        }
        return ExitCodes.DONE;
    }

    @Command(
            name = "show",
            description = "Shows one redrive.",
            footer = {"", "Example:", "  millrace redrive show 3 --follow"})
    int show(
            @Mixin Target target,
            @Parameters(paramLabel = "ID", description = "as the list tells it") long id,
            @Option(names = "--follow", description = "shows the progress until it ends")
                    boolean follow) {
        try (Management management = target.open(environment)) {
            if (follow) {
                return watch.follow(management, target, new RedriveJob(), Long.toString(id));
            }
            target.printObject(management.get("/redrives/" + id, Map.of()));
        }
        return ExitCodes.DONE;
    }

    @Command(
            name = "cancel",
            description = "Ends a redrive; what it has retried stays retried.",
            footer = {"", "Example:", "  millrace redrive cancel 3"})
    int cancel(
            @Mixin Target target,
            @Mixin Signature signature,
            @Parameters(paramLabel = "ID", description = "as the list tells it") long id) {
        try (Management management = target.open(environment)) {
            JsonNode done =
                    management.post("/redrives/" + id + "/cancel", signature.body(environment));
            target.printDone(
                    done, "Redrive " + id + " is " + Screen.text(done.path("state")) + ".");
        }
        return ExitCodes.DONE;
    }
}
