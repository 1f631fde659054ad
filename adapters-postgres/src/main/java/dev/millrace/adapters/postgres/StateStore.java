package dev.millrace.adapters.postgres;

import dev.millrace.domain.Accepted;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.operations.KnownEffect;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where one stream keeps its states and effects: a few bulk statements on the engine's open
 * connection. It never commits, never rolls back, and lets each {@link SQLException} pass: any of
 * them dooms the transaction. Thread-safe.
 *
 * <p>On {@code shared} the engine locks nothing, so two transactions may hold the same key. Hence
 * both duties below; where the engine locks the keys they cost next to nothing.
 *
 * @param <E> the stream's event
 * @param <S> the state of a key
 * @param <F> the effect of an accepted event
 */
public interface StateStore<E, S, F> {

    /**
     * Reads the states of these keys and locks their rows until the transaction ends ({@code ORDER
     * BY … FOR NO KEY UPDATE}).
     *
     * @param keys sorted bytewise, each once
     * @return the states that exist
     */
    Map<Key, S> load(Connection connection, Collection<Key> keys) throws SQLException;

    /**
     * Writes new states and effects. A state that is not any more what {@link #load} answered
     * (another transaction has made a missing one in the meantime) is refused with SQLSTATE 40001,
     * and the engine runs the batch again.
     *
     * @param changed the new states
     * @param accepted the events that take effect, in order
     * @param appliedAt the time of this transaction; within a key it does not run backwards while
     *     the database's clock does not
     */
    void save(
            Connection connection,
            Map<Key, S> changed,
            List<Accepted<E, F>> accepted,
            Instant appliedAt)
            throws SQLException;

    /**
     * Which of these events have their effects here: of every event that {@link #save} was given,
     * unless somebody has taken them away behind the engine's back. Not asked for a lane's batch,
     * so that it may take long.
     *
     * @param events each with its key
     */
    Set<MessageId> effects(Connection connection, Map<MessageId, Key> events) throws SQLException;

    /**
     * The effect of one event as a person is told of it, if it is here. Asked for one event at a
     * time, by somebody who looks at it.
     */
    Optional<KnownEffect> effect(Connection connection, MessageId messageId, Key key)
            throws SQLException;
}
