package dev.millrace.ports.operations.driving;

import java.util.List;

/**
 * Shows the last traces of this process, which it keeps for a while and within bounds. Thread-safe.
 */
@FunctionalInterface
public interface ShowTraces {

    /**
     * The newest first.
     *
     * @param traceId only this one; empty for any
     * @param messageId only those of an event with this message ID, and of their spans those that
     *     are not about another one; empty for any
     * @param limit how many traces at most
     */
    List<KeptTrace> show(String traceId, String messageId, int limit);
}
