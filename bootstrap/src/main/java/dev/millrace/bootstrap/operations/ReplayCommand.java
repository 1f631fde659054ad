package dev.millrace.bootstrap.operations;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;

/** A topic, gone through once more. */
@Command(
        name = "replay",
        description =
                "Goes through a topic once more, beside the live traffic, and compares it with what"
                        + " was applied. It runs in the service and survives its crash.",
        footer = {
            "",
            "Examples:",
            "  millrace replay --stream ledger-entries --subscription ledger --mode verify --from"
                    + " 2h",
            "  millrace replay --stream ledger-entries --subscription ledger --mode fill-gaps --why"
                    + " 'failover at 14:02'",
            "  millrace replay findings 3",
            "  millrace replay cancel 3"
        })
final class ReplayCommand implements Callable<Integer> {

    private static final Pattern POSITION = Pattern.compile("\\d+:\\d+:\\d+:\\d+");

    private static final List<Screen.Column> COLUMNS =
            List.of(
                    new Screen.Column("ID", "/id"),
                    new Screen.Column("STATE", "/state"),
                    new Screen.Column("MODE", "/mode"),
                    new Screen.Column("SUBSCRIPTION", "/subscription"),
                    new Screen.Column("COPIES", "/copies"),
                    new Screen.Column("DIFFERENCES", "/differences"),
                    new Screen.Column("FILLED", "/findings/filled"),
                    new Screen.Column("BY", "/by"),
                    new Screen.Column("STARTED AT", "/startedAt"),
                    new Screen.Column("ENDED AT", "/endedAt"));

    private static final List<Screen.Column> FINDINGS =
            List.of(
                    new Screen.Column("NUMBER", "/number"),
                    new Screen.Column("KIND", "/kind"),
                    new Screen.Column("POSITION", "/position"),
                    new Screen.Column("MESSAGE ID", "/messageId"),
                    new Screen.Column("KEY", "/key"),
                    new Screen.Column("DETAIL", "/detail"));

    private final Map<String, String> environment;
    private final JobWatch watch;

    @Mixin private Target target = new Target();
    @Mixin private Signature signature = new Signature();
    @Mixin private Place place = new Place();

    @Option(
            names = "--mode",
            paramLabel = "MODE",
            description =
                    "verify: tells what the tables lack, and changes nothing; fill-gaps: applies"
                            + " what has no record, in order per key")
    private String mode = "";

    @Option(
            names = "--from",
            paramLabel = "TIME|POSITION",
            description =
                    "where it begins: a time, how long ago, or a position, whose partition is then"
                            + " the only one (default: all that the topic has)")
    private String from = "";

    @Option(
            names = "--to",
            paramLabel = "TIME|POSITION",
            description = "before which it ends (default: what the topic has now)")
    private String to = "";

    @Option(
            names = "--out-of-order",
            description =
                    "fills also gaps behind which later events of their key have taken effect; the"
                            + " audit log keeps it")
    private boolean outOfOrder;

    @Option(
            names = "--rate",
            paramLabel = "COPIES",
            description = "how many copies a second are read at most (default: 2000)",
            defaultValue = "0")
    private int rate;

    @Option(names = "--no-wait", description = "does not wait for the end: replay show ID tells it")
    private boolean noWait;

    ReplayCommand(Map<String, String> environment, JobWatch watch) {
        this.environment = Map.copyOf(environment);
        this.watch = watch;
    }

    @Override
    public Integer call() {
        if (mode.isEmpty()) {
            throw OperationFailure.mistake("Say what it is to do: --mode verify or fill-gaps.");
        }
        ObjectNode body = signature.body(environment);
        place.requireIn(body);
        body.put("mode", mode);
        put(body, "from", from);
        put(body, "to", to);
        if (outOfOrder) {
            body.put("outOfOrder", true);
        }
        if (rate != 0) {
            body.put("rate", rate);
        }
        try (Management management = target.open(environment)) {
            JsonNode replay = management.post("/replays", body);
            String id = Screen.text(replay.path("id"));
            if (noWait) {
                target.printDone(
                        replay,
                        "Replay " + id + " runs in the service: millrace replay show " + id);
                return ExitCodes.DONE;
            }
            return watch.follow(management, target, new ReplayJob(), id);
        }
    }

    private static void put(ObjectNode body, String name, String text) {
        String boundary =
                POSITION.matcher(text).matches()
                        ? text
                        : When.of("--" + name, text, InstantSource.system());
        if (!boundary.isEmpty()) {
            body.put(name, boundary);
        }
    }

    @Command(
            name = "list",
            description = "Lists the replays.",
            footer = {"", "Example:", "  millrace replay list"})
    int list(@Mixin Target shown, @Mixin Page page) {
        try (Management management = shown.open(environment)) {
            shown.printList(management.get("/replays", page.with(Map.of())), "replays", COLUMNS);
        }
        return ExitCodes.DONE;
    }

    @Command(
            name = "show",
            description = "Shows one replay.",
            footer = {"", "Example:", "  millrace replay show 3 --follow"})
    int show(
            @Mixin Target shown,
            @Parameters(paramLabel = "ID", description = "as the list tells it") long id,
            @Option(names = "--follow", description = "shows the progress until it ends")
                    boolean follow) {
        try (Management management = shown.open(environment)) {
            if (follow) {
                return watch.follow(management, shown, new ReplayJob(), Long.toString(id));
            }
            shown.printObject(management.get("/replays/" + id, Map.of()));
        }
        return ExitCodes.DONE;
    }

    @Command(
            name = "findings",
            description = "Lists what a replay has found, copy by copy.",
            footer = {"", "Example:", "  millrace replay findings 3 --limit 1000"})
    int findings(
            @Mixin Target shown,
            @Mixin Page page,
            @Parameters(paramLabel = "ID", description = "as the list tells it") long id) {
        try (Management management = shown.open(environment)) {
            shown.printList(
                    management.get("/replays/" + id + "/findings", page.with(Map.of())),
                    "findings",
                    FINDINGS);
        }
        return ExitCodes.DONE;
    }

    @Command(
            name = "cancel",
            description = "Ends a replay; what it has filled stays so.",
            footer = {"", "Example:", "  millrace replay cancel 3"})
    int cancel(
            @Mixin Target shown,
            @Mixin Signature by,
            @Parameters(paramLabel = "ID", description = "as the list tells it") long id) {
        try (Management management = shown.open(environment)) {
            JsonNode done = management.post("/replays/" + id + "/cancel", by.body(environment));
            shown.printDone(done, "Replay " + id + " is " + Screen.text(done.path("state")) + ".");
        }
        return ExitCodes.DONE;
    }
}
