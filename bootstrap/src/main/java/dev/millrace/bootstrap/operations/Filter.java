package dev.millrace.bootstrap.operations;

import picocli.CommandLine.Option;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;

/** The options that say which quarantined events are meant. */
final class Filter {

    @Option(names = "--stream", paramLabel = "NAME", description = "only of this stream")
    private String stream = "";

    @Option(
            names = "--subscription",
            paramLabel = "NAME",
            description = "only of this subscription")
    private String subscription = "";

    @Option(names = "--key", paramLabel = "KEY", description = "only of this key")
    private String key = "";

    @Option(
            names = "--reason",
            paramLabel = "WORD",
            description = "only for this reason, such as attempts-exhausted or conflict")
    private String reason = "";

    @Option(
            names = "--cause",
            paramLabel = "TEXT",
            description = "only of this cause, as millrace quarantine causes tells it")
    private String cause = "";

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "only those quarantined from then on: a time, or how long ago (2h, 7d)")
    private String since = "";

    @Option(names = "--until", paramLabel = "TIME", description = "only those before then")
    private String until = "";

    /** What is given, by the API's names. */
    Map<String, String> parameters() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("stream", stream);
        parameters.put("subscription", subscription);
        parameters.put("key", key);
        parameters.put("reason", reason);
        parameters.put("cause", cause);
        parameters.put("since", When.of("--since", since, InstantSource.system()));
        parameters.put("until", When.of("--until", until, InstantSource.system()));
        parameters.values().removeIf(String::isEmpty);
        return parameters;
    }
}
