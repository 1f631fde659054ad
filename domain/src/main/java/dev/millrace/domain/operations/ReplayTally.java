package dev.millrace.domain.operations;

import dev.millrace.domain.InvalidValue;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a replay has counted.
 *
 * @param copies how many copies it has looked at
 * @param inFlight how many of them were not acknowledged and not yet anything else
 * @param purged how many are older than the purge's watermark and have no record: nobody can tell
 *     whether they ever had
 * @param found how many findings there are of each kind
 * @param leftOut how many findings are counted only, as there are more than are kept
 */
public record ReplayTally(
        long copies,
        long inFlight,
        long purged,
        Map<ReplayFinding.Kind, Long> found,
        long leftOut) {

    /** Nothing was looked at yet. */
    public static final ReplayTally NONE = new ReplayTally(0, 0, 0, Map.of(), 0);

    /** Kinds that are not found are there with 0. */
    public ReplayTally {
        if (copies < 0 || inFlight < 0 || purged < 0 || leftOut < 0) {
            throw new InvalidValue("tally", "must count what there is");
        }
        Map<ReplayFinding.Kind, Long> all = new EnumMap<>(ReplayFinding.Kind.class);
        for (ReplayFinding.Kind kind : ReplayFinding.Kind.values()) {
            all.put(kind, found.getOrDefault(kind, 0L));
        }
        found = Collections.unmodifiableMap(all);
    }

    /** How many copies topic and tables do not agree on. */
    public long differences() {
        return found.entrySet().stream()
                .filter(count -> count.getKey().isDifference())
                .mapToLong(Map.Entry::getValue)
                .sum();
    }
}
