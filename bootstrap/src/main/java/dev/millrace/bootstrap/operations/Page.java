package dev.millrace.bootstrap.operations;

import picocli.CommandLine.Option;

import java.util.LinkedHashMap;
import java.util.Map;

/** The options of a list. */
final class Page {

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "how many at most, 1 to 1000 (default: 100)")
    private String limit = "";

    @Option(
            names = "--after",
            paramLabel = "CURSOR",
            description = "those after this one, as the list before told")
    private String after = "";

    /** These parameters and those of the page. */
    Map<String, String> with(Map<String, String> parameters) {
        Map<String, String> all = new LinkedHashMap<>(parameters);
        all.put("limit", limit);
        all.put("after", after);
        return all;
    }
}
