package dev.millrace.e2e;

import tools.jackson.databind.JsonNode;

import java.util.List;

/** What a process has kept of the last traces. */
final class KeptTraces {

    private KeptTraces() {}

    /**
     * The spans of the traces that are found, those of one after the other.
     *
     * @param query as in the operations API
     */
    static List<JsonNode> spans(ServiceProcess service, String query) {
        return Http.get(service.management().resolve("/ops/v1/traces?" + query))
                .json()
                .get("traces")
                .valueStream()
                .flatMap(trace -> trace.get("spans").valueStream())
                .toList();
    }

    /** An attribute, in words; empty where a span has none of that name. */
    static String attribute(JsonNode span, String name) {
        return span.get("attributes").path(name).asString("");
    }
}
