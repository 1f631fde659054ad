package dev.millrace.adapters.postgres;

import static dev.millrace.adapters.postgres.Rows.prepare;

import dev.millrace.domain.CopyTraces;
import dev.millrace.domain.Key;
import dev.millrace.domain.MessageId;
import dev.millrace.domain.Position;
import dev.millrace.domain.RecordedCopy;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.TopicCopy;
import dev.millrace.domain.Trace;
import dev.millrace.ports.driven.Tracing;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What the engine's tables say of the copies in the topics. Thread-safe. */
public final class PostgresTracing implements Tracing {

    /** One statement, so that all of it is as of one moment. */
    private static final String TRACES =
            """
            WITH s AS (SELECT ?::smallint AS id),
            copy AS (
                SELECT * FROM unnest(?::text[], ?::bigint[], ?::bigint[], ?::integer[], ?::integer[], ?::text[])
                    WITH ORDINALITY AS c (message_id, ledger, entry, partition, index, published_at, number))
            SELECT r.state, r.recorded_at, r.message_id, r.key,
                r.position_ledger = c.ledger AND r.position_entry = c.entry
                    AND r.position_partition = c.partition AND r.position_index = c.index AS about_it,
                d.subscription_id IS NOT NULL AS counted,
                p.subscription_id IS NOT NULL AS waiting,
                q.subscription_id IS NOT NULL AS in_quarantine,
                g.subscription_id IS NOT NULL AS given_up,
                c.published_at::timestamptz < w.published_before AS below_watermark
            FROM copy c CROSS JOIN s
            LEFT JOIN inbox_record r ON r.subscription_id = s.id AND r.message_id = c.message_id
            LEFT JOIN inbox_duplicate d ON d.subscription_id = s.id
                AND d.position_ledger = c.ledger AND d.position_entry = c.entry
                AND d.position_partition = c.partition AND d.position_index = c.index
            LEFT JOIN parked_event p ON p.subscription_id = s.id AND p.message_id = c.message_id
                AND p.position_ledger = c.ledger AND p.position_entry = c.entry
                AND p.position_partition = c.partition AND p.position_index = c.index
            LEFT JOIN quarantine q ON q.subscription_id = s.id
                AND q.position_ledger = c.ledger AND q.position_entry = c.entry
                AND q.position_partition = c.partition AND q.position_index = c.index
            LEFT JOIN discarded_copy g ON g.subscription_id = s.id
                AND g.position_ledger = c.ledger AND g.position_entry = c.entry
                AND g.position_partition = c.partition AND g.position_index = c.index
            LEFT JOIN purge_watermark w ON w.subscription_id = s.id
            ORDER BY c.number
            """;

    private static final String RECORDS =
            """
            SELECT position_ledger, position_entry, position_partition, position_index,
                message_id, published_at, recorded_at
            FROM inbox_record
            WHERE subscription_id = ? AND published_at >= ?::timestamptz
                AND (published_at, message_id) > (?::timestamptz, ?)
            ORDER BY published_at, message_id
            LIMIT ?
            """;

    private final PostgresDatabase database;
    private final Map<SubscriptionId, StateStore<?, ?, ?>> effects;

    /**
     * The tables of all subscriptions in this database.
     *
     * @param effects where those of which it can be asked have theirs
     */
    public PostgresTracing(
            PostgresDatabase database, Map<SubscriptionId, StateStore<?, ?, ?>> effects) {
        this.database = Objects.requireNonNull(database);
        this.effects = Map.copyOf(effects);
    }

    @Override
    public List<CopyTraces> trace(SubscriptionId subscription, List<TopicCopy> copies) {
        return database.read(
                "what the tables say of copies",
                connection -> {
                    List<Traced> traced =
                            trace(connection, database.subscriptionId(subscription), copies);
                    return withEffects(connection, subscription, traced);
                });
    }

    /**
     * What the engine's tables say of one copy.
     *
     * @param applied the message ID of its record with its key, when that says applied
     */
    private record Traced(CopyTraces traces, Map<MessageId, Key> applied) {}

    /** Adds where an effect is missing. It is asked after the records, with which it is written. */
    private List<CopyTraces> withEffects(
            Connection connection, SubscriptionId subscription, List<Traced> traced)
            throws SQLException {
        StateStore<?, ?, ?> store = effects.get(subscription);
        Map<MessageId, Key> applied = new HashMap<>();
        traced.forEach(each -> applied.putAll(each.applied()));
        if (store == null || applied.isEmpty()) {
            return traced.stream().map(Traced::traces).toList();
        }
        applied.keySet().removeAll(store.effects(connection, Map.copyOf(applied)));
        return traced.stream()
                .map(each ->
                        each.applied().keySet().stream().anyMatch(applied::containsKey)
                                ? without(each.traces())
                                : each.traces())
                .toList();
    }

    private static CopyTraces without(CopyTraces traces) {
        Set<Trace> more = EnumSet.of(Trace.WITHOUT_EFFECT);
        more.addAll(traces.traces());
        return new CopyTraces(more, traces.recordedAt());
    }

    private static List<Traced> trace(
            Connection connection, int subscription, List<TopicCopy> copies) throws SQLException {
        Rows<TopicCopy> rows = Rows.of(copies);
        try (PreparedStatement query =
                        prepare(
                                connection,
                                TRACES,
                                subscription,
                                rows.texts(copy -> InboxTables.storable(copy.messageId())),
                                rows.longs(copy -> copy.position().ledger()),
                                rows.longs(copy -> copy.position().entry()),
                                rows.ints(copy -> copy.position().partition()),
                                rows.ints(copy -> copy.position().batchIndex()),
                                rows.instants(TopicCopy::publishedAt));
                ResultSet row = query.executeQuery()) {
            List<Traced> traced = new ArrayList<>(copies.size());
            while (row.next()) {
                CopyTraces traces = traces(row);
                traced.add(
                        new Traced(
                                traces,
                                traces.traces().contains(Trace.APPLIED)
                                        ? Map.of(
                                                new MessageId(row.getString("message_id")),
                                                new Key(row.getString("key")))
                                        : Map.of()));
            }
            return traced;
        }
    }

    private static CopyTraces traces(ResultSet row) throws SQLException {
        Set<Trace> traces = EnumSet.noneOf(Trace.class);
        String state = row.getString("state");
        boolean aboutIt = state != null && row.getBoolean("about_it");
        if (state != null) {
            traces.add(
                    aboutIt
                            ? Trace.valueOf(state.toUpperCase(Locale.ROOT))
                            : Trace.RECORDED_ELSEWHERE);
        }
        if (row.getBoolean("counted")) {
            traces.add(Trace.COUNTED);
        }
        if (row.getBoolean("waiting")) {
            traces.add(Trace.WAITING);
        }
        if (row.getBoolean("in_quarantine")) {
            traces.add(Trace.IN_QUARANTINE);
        }
        if (row.getBoolean("given_up")) {
            traces.add(Trace.GIVEN_UP);
        }
        if (row.getBoolean("below_watermark")) {
            traces.add(Trace.BELOW_WATERMARK);
        }
        return new CopyTraces(traces, aboutIt ? instant(row, "recorded_at") : Instant.MAX);
    }

    @Override
    public Map<Key, Position> latest(
            SubscriptionId subscription, int partition, Collection<Key> keys) {
        return database.read(
                "the latest records of keys",
                connection ->
                        new InboxTables(connection, database.subscriptionId(subscription))
                                .latest(partition, keys));
    }

    @Override
    public List<RecordedCopy> records(
            SubscriptionId subscription, Instant from, String after, int limit) {
        return database.read(
                "a page of idempotency records",
                connection -> {
                    try (PreparedStatement query =
                                    prepare(
                                            connection,
                                            RECORDS,
                                            database.subscriptionId(subscription),
                                            Rows.text(from),
                                            Rows.text(from),
                                            after,
                                            limit);
                            ResultSet row = query.executeQuery()) {
                        List<RecordedCopy> records = new ArrayList<>();
                        while (row.next()) {
                            records.add(
                                    new RecordedCopy(
                                            new MessageId(row.getString("message_id")),
                                            InboxTables.position(row, 1),
                                            instant(row, "published_at"),
                                            instant(row, "recorded_at")));
                        }
                        return List.copyOf(records);
                    }
                });
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
