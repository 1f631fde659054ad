package dev.millrace.ports.operations.driving;

import dev.millrace.domain.operations.Revision;
import dev.millrace.domain.operations.Signature;

/**
 * Gives an event that needs a person another content. Thread-safe.
 *
 * @param <E> the stream's event
 */
@FunctionalInterface
public interface EditQuarantined<E> {

    /**
     * Edits it. It stays in quarantine, and keeps its message ID, its key and its position.
     *
     * @param edition that the person has seen: 0 as it came, and one more with each edit
     * @throws dev.millrace.domain.InvalidValue when the signature says no reason
     * @throws dev.millrace.ports.Unavailable when database or broker are away, or nobody knows
     *     whether it was done; the audit log tells then
     */
    Revision edit(long id, int edition, E event, Signature signature);
}
