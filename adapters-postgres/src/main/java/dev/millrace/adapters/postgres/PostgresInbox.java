package dev.millrace.adapters.postgres;

import dev.millrace.domain.Delivery;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.SubscriptionType;
import dev.millrace.ports.driven.Deciding;
import dev.millrace.ports.driven.Inbox;
import dev.millrace.ports.driven.Settlement;

import java.util.List;
import java.util.Objects;

/**
 * The inbox of one subscription: a batch is one READ COMMITTED transaction of at most {@value
 * #MAX_STATEMENTS} statements of the engine's, whatever the batch, and of what the state store
 * adds. Transactions that collide are run again a few times. Thread-safe.
 */
public final class PostgresInbox<E, S, F> implements Inbox<E, S, F> {

    /** The most statements of the engine's in one transaction, the commit not counted. */
    static final int MAX_STATEMENTS = 16;

    private final SubscriptionType type;
    private final StateStore<E, S, F> states;
    private final Reruns<Settlement> reruns;

    /**
     * @param type of the subscription: where it keeps no order, there are no key rows
     */
    public PostgresInbox(
            PostgresDatabase database,
            SubscriptionId subscription,
            SubscriptionType type,
            StateStore<E, S, F> states) {
        this.type = Objects.requireNonNull(type);
        this.states = Objects.requireNonNull(states);
        this.reruns =
                new Reruns<>(
                        Objects.requireNonNull(database),
                        Objects.requireNonNull(subscription),
                        "a batch",
                        Settlement.Committed.class::isInstance,
                        Settlement.Refused::new,
                        Settlement.Overrun::new);
    }

    @Override
    public Settlement apply(List<Delivery<E>> batch, Deciding<E, S, F> deciding) {
        return reruns.run((connection, id) ->
                new BatchRun<>(
                                connection,
                                new InboxTables(connection, id),
                                new ParkedTables(connection, id),
                                type,
                                states)
                        .settle(batch, deciding));
    }
}
