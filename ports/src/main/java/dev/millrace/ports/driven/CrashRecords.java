package dev.millrace.ports.driven;

import dev.millrace.domain.Delivery;
import dev.millrace.domain.Position;

import java.util.List;
import java.util.Map;

/**
 * Remembers what is under way in each process, so that an event at which processes die is told from
 * those that only were there. For one subscription in one process. Thread-safe: each thread has one
 * run under way at a time.
 */
public interface CrashRecords {

    /**
     * Notes what this thread takes on now, in place of what it took on before, and tells what of it
     * is suspect: what another process had under way, and has no outcome yet. That process may well
     * be alive; suspicion costs time and counts nothing.
     *
     * @param run events at or near each other's positions may be suspected together
     * @return for each suspect, how many other processes began to run it alone and have not come
     *     out of it
     * @throws dev.millrace.ports.Unavailable when the database is away
     */
    Map<Position, Integer> takeOn(List<? extends Delivery.Decoded<?>> run);

    /**
     * Notes, to outlast the process, that this one runs the event alone now.
     *
     * @throws dev.millrace.ports.Unavailable when the database is away
     */
    void enter(Position position);

    /**
     * This process came out without the event's outcome: its own attempt counts no more.
     *
     * @throws dev.millrace.ports.Unavailable when the database is away
     */
    void leave(Position position);

    /**
     * The event has come to an outcome: nobody's attempt at it counts any more.
     *
     * @throws dev.millrace.ports.Unavailable when the database is away
     */
    void acquit(Position position);

    /**
     * This process ends in order: nothing is under way in it.
     *
     * @throws dev.millrace.ports.Unavailable when the database is away
     */
    void endInOrder();
}
