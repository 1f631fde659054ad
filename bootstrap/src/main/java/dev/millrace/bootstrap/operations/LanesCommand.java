package dev.millrace.bootstrap.operations;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;

/** What applies events, and whether it is to pause. */
@Command(
        name = "lanes",
        description = "Shows the lanes that apply events, and has them pause or go on.",
        footer = {
            "",
            "Examples:",
            "  millrace lanes list",
            "  millrace lanes pause --stream ledger-entries --subscription ledger --why"
                    + " 'migration'",
            "  millrace lanes resume --stream ledger-entries --subscription ledger"
        })
final class LanesCommand {

    private static final List<Screen.Column> COLUMNS =
            List.of(
                    new Screen.Column("STREAM", "/stream"),
                    new Screen.Column("SUBSCRIPTION", "/subscription"),
                    new Screen.Column("PROCESS", "/process"),
                    new Screen.Column("LANE", "/lane"),
                    new Screen.Column("STATE", "/state"),
                    new Screen.Column("POSITION", "/position"),
                    new Screen.Column("EVENTS/S", "/rate"),
                    new Screen.Column("WAITS FOR", "/waitsFor"));

    private final Map<String, String> environment;

    LanesCommand(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    @Command(
            name = "list",
            description =
                    "Lists the lanes of all processes, and says which subscriptions are to pause.",
            footer = {"", "Example:", "  millrace lanes list -o json"})
    int list(@Mixin Target target) {
        try (Management management = target.open(environment)) {
            JsonNode overview = management.get("/lanes", Map.of());
            target.printList(overview, "lanes", COLUMNS);
            overview.path("paused")
                    .forEach(pause ->
                            target.err()
                                    .println(
                                            name(pause)
                                                    + " is paused by "
                                                    + told(pause, " since ")));
            target.err().flush();
        }
        return ExitCodes.DONE;
    }

    @Command(
            name = "pause",
            description =
                    "Has nothing of a subscription applied, in any process, until it is resumed;"
                            + " what arrives waits in the topic.",
            footer = {
                "",
                "Example:",
                "  millrace lanes pause --stream ledger-entries --subscription ledger --why upgrade"
            })
    int pause(@Mixin Target target, @Mixin Signature signature, @Mixin Place place) {
        return act(target, signature, place, "pause");
    }

    @Command(
            name = "resume",
            description = "Has the lanes of a subscription go on.",
            footer = {
                "",
                "Example:",
                "  millrace lanes resume --stream ledger-entries --subscription ledger"
            })
    int resume(@Mixin Target target, @Mixin Signature signature, @Mixin Place place) {
        return act(target, signature, place, "resume");
    }

    private int act(Target target, Signature signature, Place place, String act) {
        ObjectNode body = signature.body(environment);
        place.requireIn(body);
        try (Management management = target.open(environment)) {
            JsonNode answer = management.post("/lanes/" + act, body);
            target.printDone(answer, words(name(body), answer));
        }
        return ExitCodes.DONE;
    }

    private static String words(String name, JsonNode answer) {
        return switch (Screen.text(answer.path("result"))) {
            case "paused" -> "Within two seconds no lane of " + name + " applies anything.";
            case "resumed" -> "Within two seconds the lanes of " + name + " go on.";
            case "already-paused" ->
                    "Nothing is changed: "
                            + name
                            + " was paused by "
                            + told(answer.path("pause"), " at ");
            default -> "Nothing is changed: " + name + " was not paused.";
        };
    }

    private static String told(JsonNode pause, String when) {
        String why = Screen.text(pause.path("why"));
        return Screen.text(pause.path("by"))
                + when
                + Screen.text(pause.path("at"))
                + (why.isEmpty() ? "." : ": " + why);
    }

    private static String name(JsonNode place) {
        return Screen.text(place.path("stream")) + "/" + Screen.text(place.path("subscription"));
    }
}
