package dev.millrace.adapters.postgres;

import static dev.millrace.adapters.postgres.Rows.prepare;

import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Namespace;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.operations.AuditEntry;
import dev.millrace.domain.operations.MessageEvidence;
import dev.millrace.domain.operations.MessageEvidence.Effect;
import dev.millrace.domain.operations.MessageEvidence.GivenUp;
import dev.millrace.domain.operations.MessageEvidence.Recorded;
import dev.millrace.domain.operations.MessageEvidence.Stay;
import dev.millrace.domain.operations.SubscriptionName;
import dev.millrace.ports.operations.driven.MessageArchive;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * All that the tables hold about the events of one tenant's namespace. Each look is one transaction
 * on one snapshot, so that no event is seen in two places, or in none. Thread-safe.
 */
public final class PostgresMessageArchive implements MessageArchive {

    /** By how much a gate's clock may be ahead of the database's. */
    private static final Duration SKEW = Duration.ofDays(1);

    private final PostgresDatabase database;
    private final Tenant tenant;
    private final Namespace namespace;
    private final Map<SubscriptionId, StateStore<?, ?, ?>> effects;

    /**
     * The events of this tenant's streams in this namespace, and of no other.
     *
     * @param effects where those of which it can be asked have theirs
     */
    public PostgresMessageArchive(
            PostgresDatabase database,
            Tenant tenant,
            Namespace namespace,
            Map<SubscriptionId, StateStore<?, ?, ?>> effects) {
        this.database = Objects.requireNonNull(database);
        this.tenant = Objects.requireNonNull(tenant);
        this.namespace = Objects.requireNonNull(namespace);
        this.effects = Map.copyOf(effects);
    }

    @Override
    public List<MessageEvidence> find(StreamName stream, MessageId messageId) {
        return database.read(
                "the life of a message",
                connection -> {
                    try (Transaction _ = Transaction.begin(connection)) {
                        oneSnapshot(connection);
                        return find(connection, stream, messageId);
                    }
                });
    }

    private static void oneSnapshot(Connection connection) throws SQLException {
        try (PreparedStatement mode =
                prepare(connection, "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")) {
            mode.execute();
        }
    }

    private List<MessageEvidence> find(
            Connection connection, StreamName stream, MessageId messageId) throws SQLException {
        List<MessageEvidence> found = new ArrayList<>();
        for (Known subscription : subscriptions(connection, stream)) {
            MessageEvidence evidence = evidence(connection, stream, subscription, messageId);
            if (!evidence.isEmpty()) {
                found.add(evidence);
            }
        }
        return List.copyOf(found);
    }

    /** A subscription that has written something. */
    private record Known(int number, String name) {}

    private List<Known> subscriptions(Connection connection, StreamName stream)
            throws SQLException {
        try (PreparedStatement query =
                        prepare(
                                connection,
                                "SELECT id, name FROM subscription WHERE tenant = ? AND namespace"
                                        + " = ? AND stream = ? ORDER BY name",
                                tenant.value(),
                                namespace.value(),
                                stream.value());
                ResultSet row = query.executeQuery()) {
            List<Known> known = new ArrayList<>();
            while (row.next()) {
                known.add(new Known(row.getInt(1), row.getString(2)));
            }
            return known;
        }
    }

    private MessageEvidence evidence(
            Connection connection, StreamName stream, Known subscription, MessageId messageId)
            throws SQLException {
        EvidenceTables tables = new EvidenceTables(connection, subscription.number(), messageId);
        SubscriptionName name = new SubscriptionName(stream, subscription.name());
        List<Recorded> records = tables.records();
        List<Stay> stays = tables.stays();
        List<GivenUp> givenUp = tables.givenUp();
        return new MessageEvidence(
                name,
                records,
                tables.repeats(),
                tables.attempts(),
                tables.waiting(),
                stays,
                givenUp,
                acts(connection, name, messageId, beginnings(records, stays, givenUp)),
                effect(connection, name, messageId, records));
    }

    private static Stream<Instant> beginnings(
            List<Recorded> records, List<Stay> stays, List<GivenUp> givenUp) {
        return Stream.of(
                        records.stream().map(Recorded::recordedAt),
                        stays.stream().map(Stay::at),
                        givenUp.stream().map(copy -> copy.publishedAt().minus(SKEW)))
                .flatMap(times -> times);
    }

    /** The log is in the order of time: nobody acts on an event before it is there. */
    private List<AuditEntry> acts(
            Connection connection,
            SubscriptionName subscription,
            MessageId messageId,
            Stream<Instant> beginnings)
            throws SQLException {
        Optional<Instant> since = beginnings.min(Comparator.naturalOrder());
        return since.isEmpty()
                ? List.of()
                : new AuditTable(connection, tenant, namespace)
                        .about(subscription, messageId, since.get());
    }

    private Effect effect(
            Connection connection,
            SubscriptionName subscription,
            MessageId messageId,
            List<Recorded> records)
            throws SQLException {
        StateStore<?, ?, ?> store =
                effects.get(
                        new SubscriptionId(
                                tenant,
                                namespace,
                                subscription.stream(),
                                subscription.subscription()));
        if (store == null || records.isEmpty() || !records.getFirst().state().equals("applied")) {
            return new Effect.Unasked();
        }
        return store.effect(connection, messageId, new Key(records.getFirst().key()))
                .<Effect>map(Effect.Present::new)
                .orElseGet(Effect.Missing::new);
    }
}
