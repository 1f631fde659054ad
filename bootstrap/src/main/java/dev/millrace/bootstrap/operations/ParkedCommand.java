package dev.millrace.bootstrap.operations;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.databind.JsonNode;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The keys that wait. */
@Command(
        name = "parked",
        description = "Shows the keys whose events wait, and has one tried now.",
        footer = {
            "",
            "Examples:",
            "  millrace parked list",
            "  millrace parked release 576 --why 'the constraint is gone'"
        })
final class ParkedCommand {

    private static final List<Screen.Column> COLUMNS =
            List.of(
                    new Screen.Column("KEY", "/key"),
                    new Screen.Column("STREAM", "/stream"),
                    new Screen.Column("SUBSCRIPTION", "/subscription"),
                    new Screen.Column("EVENTS", "/events"),
                    new Screen.Column("BYTES", "/bytes"),
                    new Screen.Column("AWAITS PERSON", "/awaitsPerson"),
                    new Screen.Column("QUARANTINE ID", "/quarantineId"),
                    new Screen.Column("HEAD", "/head/messageId"),
                    new Screen.Column("ATTEMPTS", "/head/attempts"),
                    new Screen.Column("DUE AT", "/head/dueAt"));

    private final Map<String, String> environment;

    ParkedCommand(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    @Command(
            name = "list",
            description = "Lists the keys that wait, with the event at the head of each.",
            footer = {"", "Example:", "  millrace parked list --subscription ledger"})
    int list(
            @Mixin Target target,
            @Mixin Page page,
            @Mixin Place place,
            @Option(
                            names = "--key",
                            paramLabel = "KEY",
                            description = "only this key",
                            defaultValue = "")
                    String key) {
        Map<String, String> parameters = new LinkedHashMap<>(place.parameters());
        parameters.put("key", key);
        try (Management management = target.open(environment)) {
            target.printList(management.get("/parked", page.with(parameters)), "keys", COLUMNS);
        }
        return ExitCodes.DONE;
    }

    @Command(
            name = "release",
            description =
                    "Has the event at the head of a key tried now instead of later; what waits"
                            + " behind it follows when it is through.",
            footer = {"", "Example:", "  millrace parked release 576"})
    int release(
            @Mixin Target target,
            @Mixin Signature signature,
            @Mixin Place place,
            @Parameters(paramLabel = "KEY", description = "as the list tells it") String key) {
        var body = signature.body(environment);
        try (Management management = target.open(environment)) {
            JsonNode found = find(management, place, key);
            body.put("stream", Screen.text(found.path("stream")))
                    .put("subscription", Screen.text(found.path("subscription")))
                    .put("key", key);
            JsonNode done = management.post("/parked/release", body);
            target.printDone(
                    done,
                    "The head of key "
                            + key
                            + " is tried now, with "
                            + Screen.text(done.path("events"))
                            + " events waiting.");
        }
        return ExitCodes.DONE;
    }

    /** The one subscription in which the key waits. */
    private static JsonNode find(Management management, Place place, String key) {
        Map<String, String> parameters = new LinkedHashMap<>(place.parameters());
        parameters.put("key", key);
        List<JsonNode> found =
                management.get("/parked", parameters).path("keys").valueStream().toList();
        if (found.isEmpty()) {
            throw OperationFailure.refused("Nothing of key " + key + " is parked.");
        }
        if (found.size() > 1) {
            throw OperationFailure.mistake(
                    "Key "
                            + key
                            + " waits in "
                            + found.size()
                            + " subscriptions: say which with --stream and --subscription.");
        }
        return found.getFirst();
    }
}
