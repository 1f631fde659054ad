package dev.millrace.bootstrap.operations;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What can be done about events that need a person. */
@Command(
        name = "quarantine",
        description = "Shows the events that need a person, and does what the person decides.",
        footer = {
            "",
            "Examples:",
            "  millrace quarantine causes",
            "  millrace quarantine list --reason attempts-exhausted --since 2h",
            "  millrace quarantine show 17",
            "  millrace quarantine retry 17 --why 'the rate table is back'",
            "  millrace quarantine retry --subscription ledger --rate 50",
            "  millrace quarantine edit 17 --edition 0 --event mended.json --why 'wrong currency'",
            "  millrace quarantine discard 17 --why 'a test event, agreed with accounting'"
        })
final class QuarantineCommand {

    private static final List<Screen.Column> EVENTS =
            List.of(
                    new Screen.Column("ID", "/id"),
                    new Screen.Column("STREAM", "/stream"),
                    new Screen.Column("SUBSCRIPTION", "/subscription"),
                    new Screen.Column("KEY", "/key"),
                    new Screen.Column("MESSAGE ID", "/messageId"),
                    new Screen.Column("REASON", "/reason"),
                    new Screen.Column("ATTEMPTS", "/attemptCount"),
                    new Screen.Column("QUARANTINED AT", "/quarantinedAt"),
                    new Screen.Column("RETRIABLE", "/retriable"));

    private static final List<Screen.Column> CAUSES =
            List.of(
                    new Screen.Column("EVENTS", "/events"),
                    new Screen.Column("KEYS", "/keys"),
                    new Screen.Column("MORE", "/more"),
                    new Screen.Column("STREAM", "/stream"),
                    new Screen.Column("SUBSCRIPTION", "/subscription"),
                    new Screen.Column("REASON", "/reason"),
                    new Screen.Column("OLDEST", "/oldest"),
                    new Screen.Column("NEWEST", "/newest"),
                    new Screen.Column("CAUSE", "/cause"));

    private final Map<String, String> environment;
    private final JobWatch watch;

    QuarantineCommand(Map<String, String> environment, JobWatch watch) {
        this.environment = Map.copyOf(environment);
        this.watch = watch;
    }

    @Command(
            name = "list",
            description = "Lists quarantined events, oldest first.",
            footer = {"", "Example:", "  millrace quarantine list --key 576 -o json"})
    int list(
            @Mixin Target target,
            @Mixin Filter filter,
            @Mixin Page page,
            @Option(
                            names = "--message-id",
                            paramLabel = "ID",
                            description = "only of this message ID",
                            defaultValue = "")
                    String messageId) {
        Map<String, String> parameters = page.with(filter.parameters());
        parameters.put("messageId", messageId);
        try (Management management = target.open(environment)) {
            target.printList(management.get("/quarantine", parameters), "events", EVENTS);
        }
        return ExitCodes.DONE;
    }

    @Command(
            name = "causes",
            description = "Groups quarantined events by what went wrong, the most events first.",
            footer = {"", "Example:", "  millrace quarantine causes --since 24h"})
    int causes(@Mixin Target target, @Mixin Filter filter) {
        try (Management management = target.open(environment)) {
            target.printList(
                    management.get("/quarantine/causes", filter.parameters()), "causes", CAUSES);
        }
        return ExitCodes.DONE;
    }

    @Command(
            name = "show",
            description = "Shows one event with its payload, all its attempts and its edits.",
            footer = {"", "Example:", "  millrace quarantine show 17"})
    int show(
            @Mixin Target target,
            @Parameters(paramLabel = "ID", description = "as the list tells it") long id) {
        try (Management management = target.open(environment)) {
            target.printObject(management.get("/quarantine/" + id, Map.of()));
        }
        return ExitCodes.DONE;
    }

    @Command(
            name = "retry",
            description =
                    "Has events tried again: one, or all that the filter matches, in order per key."
                        + " One goes back to the head of its key at once. Many go at a rate that"
                        + " begins at one a second, doubles while they succeed, and stops by itself"
                        + " when too many fail; the progress is shown until the end.",
            footer = {
                "",
                "Examples:",
                "  millrace quarantine retry 17",
                "  millrace quarantine retry --key 576",
                "  millrace quarantine retry --reason attempts-exhausted --rate 200 --detach",
                "  millrace quarantine retry --all"
            })
    int retry(
            @Mixin Target target,
            @Mixin Signature signature,
            @Mixin Filter filter,
            @Parameters(
                            paramLabel = "ID",
                            arity = "0..1",
                            description = "one event, instead of a filter",
                            defaultValue = "")
                    String id,
            @Option(names = "--all", description = "all there are, without a filter") boolean all,
            @Option(
                            names = "--rate",
                            paramLabel = "EVENTS",
                            description = "the most events a second, 1 to 1000 (default: 100)",
                            defaultValue = "0")
                    int rate,
            @Option(
                            names = "--detach",
                            description = "does not wait for the end: redrive show ID tells it")
                    boolean detach) {
        Map<String, String> chosen = filter.parameters();
        if (!id.isEmpty()) {
            if (!chosen.isEmpty() || all || rate != 0 || detach) {
                throw OperationFailure.mistake(
                        "One event is retried by its ID alone; a filter, --all, --rate and --detach"
                                + " are for many.");
            }
            return retryOne(target, signature, id);
        }
        if (chosen.isEmpty() != all) {
            throw OperationFailure.mistake(
                    "Say which: an ID, a filter such as --key or --reason, or --all.");
        }
        ObjectNode body = signature.body(environment);
        ObjectNode filters = body.putObject("filter");
        chosen.forEach(filters::put);
        if (rate != 0) {
            body.put("rate", rate);
        }
        try (Management management = target.open(environment)) {
            JsonNode redrive = management.post("/redrives", body);
            String name = Screen.text(redrive.path("id"));
            if (detach) {
                target.printDone(
                        redrive,
                        "Redrive " + name + " runs in the service: millrace redrive show " + name);
                return ExitCodes.DONE;
            }
            return watch.follow(management, target, new RedriveJob(), name);
        }
    }

    private int retryOne(Target target, Signature signature, String id) {
        ObjectNode body = signature.body(environment);
        try (Management management = target.open(environment)) {
            JsonNode done = management.post("/quarantine/" + number(id) + "/retry", body);
            target.printDone(
                    done,
                    Screen.text(done.path("messageId"))
                            + " is back at the head of key "
                            + Screen.text(done.path("key"))
                            + " and is tried now.");
        }
        return ExitCodes.DONE;
    }

    @Command(
            name = "edit",
            description =
                    "Gives an event another payload: the stream's JSON, with the same message ID"
                            + " and the same key. Old and new are kept. It is not retried by that.",
            footer = {
                "",
                "Example:",
                "  millrace quarantine edit 17 --edition 0 --event mended.json --why 'wrong"
                        + " currency'"
            })
    int edit(
            @Mixin Target target,
            @Mixin Signature signature,
            @Parameters(paramLabel = "ID", description = "as the list tells it") long id,
            @Option(
                            names = "--edition",
                            paramLabel = "N",
                            required = true,
                            description =
                                    "the edition that you have seen, as show tells it; when"
                                            + " somebody else was faster, nothing is changed")
                    int edition,
            @Option(
                            names = "--event",
                            paramLabel = "FILE",
                            required = true,
                            description = "the event as JSON, or - for standard input")
                    String file) {
        ObjectNode body = signature.bodyWithReason(environment).put("edition", edition);
        body.set("event", event(file));
        try (Management management = target.open(environment)) {
            JsonNode done = management.put("/quarantine/" + id + "/payload", body);
            target.printDone(
                    done,
                    "Event "
                            + id
                            + " has edition "
                            + Screen.text(done.path("edition"))
                            + " now: millrace quarantine retry "
                            + id);
        }
        return ExitCodes.DONE;
    }

    private static JsonNode event(String file) {
        try (InputStream input =
                file.equals("-") ? System.in : Files.newInputStream(Path.of(file))) {
            return JsonMapper.shared()
                    .readTree(new String(input.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException unreadable) {
            throw OperationFailure.mistake("There is no file " + file + " that can be read.");
        } catch (JacksonException notJson) {
            throw OperationFailure.mistake(
                    "What " + file + " holds is not JSON: " + notJson.getOriginalMessage());
        }
    }

    @Command(
            name = "discard",
            description =
                    "Gives an event up, for good: it never takes effect, and its key goes on"
                            + " without it.",
            footer = {
                "",
                "Example:",
                "  millrace quarantine discard 17 --why 'a test event, agreed with X'"
            })
    int discard(
            @Mixin Target target,
            @Mixin Signature signature,
            @Parameters(paramLabel = "ID", description = "as the list tells it") long id) {
        ObjectNode body = signature.bodyWithReason(environment);
        try (Management management = target.open(environment)) {
            JsonNode done = management.post("/quarantine/" + id + "/discard", body);
            target.printDone(
                    done,
                    Screen.text(done.path("messageId"))
                            + " is discarded; its key "
                            + (done.path("keyGoesOn").asBoolean(true)
                                    ? "goes on."
                                    : "still waits for another event."));
        }
        return ExitCodes.DONE;
    }

    private static long number(String id) {
        try {
            return Long.parseLong(id);
        } catch (NumberFormatException none) {
            throw OperationFailure.mistake(
                    "An event is named by its number, as quarantine list tells it; not "
                            + id
                            + ".");
        }
    }
}
