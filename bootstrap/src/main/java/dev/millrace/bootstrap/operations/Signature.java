package dev.millrace.bootstrap.operations;

import picocli.CommandLine.Option;

import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.util.Map;

/** The options of every act: what the audit log will say of who did it, and why. */
final class Signature {

    @Option(
            names = "--as",
            paramLabel = "NAME",
            description = "who does it, for the audit log (default: $USER)")
    private String name = "";

    @Option(names = "--why", paramLabel = "TEXT", description = "why, for the audit log")
    private String why = "";

    /** The beginning of an act's body. */
    ObjectNode body(Map<String, String> environment) {
        String by = name.isEmpty() ? environment.getOrDefault("USER", "") : name;
        if (by.isEmpty()) {
            throw OperationFailure.mistake(
                    "Nobody knows who you are, since $USER is not set: name yourself with --as.");
        }
        ObjectNode body = JsonMapper.shared().createObjectNode().put("by", by);
        return why.isEmpty() ? body : body.put("why", why);
    }

    /** The same for an act that gives something up. */
    ObjectNode bodyWithReason(Map<String, String> environment) {
        if (why.isBlank()) {
            throw OperationFailure.mistake("This gives something up: say why, with --why TEXT.");
        }
        return body(environment);
    }
}
