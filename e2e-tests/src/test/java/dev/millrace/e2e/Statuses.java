package dev.millrace.e2e;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Which event was answered with which status; 0 is no answer. Thread-safe. */
final class Statuses {

    private final Map<String, Integer> ofEvents = new ConcurrentHashMap<>();

    void put(String messageId, int status) {
        ofEvents.put(messageId, status);
    }

    /** Message IDs that were answered so. */
    List<String> with(int status) {
        return ofEvents.entrySet().stream()
                .filter(entry -> entry.getValue() == status)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** How many events were answered how. */
    Map<Integer, Integer> counts() {
        Map<Integer, Integer> counts = new TreeMap<>();
        ofEvents.values().forEach(status -> counts.merge(status, 1, Integer::sum));
        return counts;
    }
}
