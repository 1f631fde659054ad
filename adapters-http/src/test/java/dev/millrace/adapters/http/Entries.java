package dev.millrace.adapters.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Ledger entries as callers write them. */
final class Entries {

    private Entries() {}

    /** A valid entry with this message ID. */
    static String entry(String messageId, String account) {
        return with("messageId", quote(messageId), "accountId", quote(account));
    }

    /**
     * A valid entry without message ID, but for these fields: names and raw JSON values; an empty
     * value leaves out.
     */
    static String with(String... namesAndValues) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("accountId", "\"576\"");
        fields.put("type", "\"credit\"");
        fields.put("amountMinor", "90000");
        fields.put("currency", "\"CZK\"");
        fields.put("occurredAt", "\"1993-01-01T00:00:00Z\"");
        fields.put("description", "\"cash deposit\"");
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return fields.entrySet().stream()
                .filter(field -> !field.getValue().isEmpty())
                .map(field -> quote(field.getKey()) + ":" + field.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    static String quote(String text) {
        return '"' + text + '"';
    }
}
