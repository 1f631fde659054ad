package dev.millrace.bootstrap.operations;

import picocli.CommandLine.Option;

import tools.jackson.databind.node.ObjectNode;

import java.util.LinkedHashMap;
import java.util.Map;

/** The options that name a subscription. */
final class Place {

    @Option(names = "--stream", paramLabel = "NAME", description = "the stream")
    private String stream = "";

    @Option(names = "--subscription", paramLabel = "NAME", description = "its subscription")
    private String subscription = "";

    /** What is given, by the API's names. */
    Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("stream", stream);
        parameters.put("subscription", subscription);
        parameters.values().removeIf(String::isEmpty);
        return parameters;
    }

    /** Adds both to an act's body. */
    void requireIn(ObjectNode body) {
        require();
        parameters().forEach(body::put);
    }

    /** Both have to be given. */
    Map<String, String> require() {
        if (stream.isEmpty() || subscription.isEmpty()) {
            throw OperationFailure.mistake(
                    "Say which subscription is meant: --stream NAME --subscription NAME.");
        }
        return parameters();
    }
}
