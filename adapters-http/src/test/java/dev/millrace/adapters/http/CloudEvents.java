package dev.millrace.adapters.http;

import static dev.millrace.adapters.http.Entries.quote;
import static dev.millrace.adapters.http.Entries.with;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** CloudEvents as senders write them. */
final class CloudEvents {

    static final String ONE = "application/cloudevents+json";
    static final String BATCH = "application/cloudevents-batch+json";
    static final String TYPE = "millrace.ledger-entries.v1";

    private CloudEvents() {}

    /** A valid one with all its data, but for these members: as {@link Entries#with} takes them. */
    static String event(String... namesAndValues) {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("specversion", "\"1.0\"");
        members.put("type", quote(TYPE));
        members.put("source", "\"/bank/prague\"");
        members.put("id", "\"171812\"");
        members.put("data", with());
        for (int i = 0; i < namesAndValues.length; i += 2) {
            members.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return members.entrySet().stream()
                .filter(member -> !member.getValue().isEmpty())
                .map(member -> quote(member.getKey()) + ":" + member.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }
}
