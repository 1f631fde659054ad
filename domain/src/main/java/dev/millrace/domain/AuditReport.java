package dev.millrace.domain;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What an audit has counted.
 *
 * @param copies how many copies of the topic are in each state
 * @param differences how many are in none, and how many records are about no copy
 */
public record AuditReport(Map<CopyState, Long> copies, long differences) {

    /** States that no copy is in are there with 0. */
    public AuditReport {
        Map<CopyState, Long> all = new EnumMap<>(CopyState.class);
        for (CopyState state : CopyState.values()) {
            all.put(state, copies.getOrDefault(state, 0L));
        }
        copies = Collections.unmodifiableMap(all);
    }

    /** Whether topic and tables agree. */
    public boolean balances() {
        return differences == 0;
    }
}
