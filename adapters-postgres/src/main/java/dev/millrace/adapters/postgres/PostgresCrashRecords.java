package dev.millrace.adapters.postgres;

import static dev.millrace.adapters.postgres.Rows.prepare;

import dev.millrace.domain.Delivery;
import dev.millrace.domain.Position;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.ports.driven.CrashRecords;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What one process has under way for one subscription. It is written before each run, so its commit
 * does not wait for the disk: it is to outlast this process, not the database. Thread-safe.
 */
public final class PostgresCrashRecords implements CrashRecords {

    private static final String DELETE =
            "DELETE FROM lone_run WHERE subscription_id = ? AND position_ledger = ? AND"
                    + " position_entry = ? AND position_partition = ? AND position_index = ?";

    private final PostgresDatabase database;
    private final SubscriptionId subscription;
    private final String process;

    /** What a thread ran alone and has not reported the end of. */
    private final Map<Long, Position> entered = new ConcurrentHashMap<>();

    /**
     * @param process no other one, of now or of earlier, has this name
     */
    public PostgresCrashRecords(
            PostgresDatabase database, SubscriptionId subscription, String process) {
        this.database = Objects.requireNonNull(database);
        this.subscription = Objects.requireNonNull(subscription);
        this.process = Objects.requireNonNull(process);
    }

    @Override
    public Map<Position, Integer> takeOn(List<? extends Delivery.Decoded<?>> run) {
        Position unreported = entered.get(Thread.currentThread().threadId());
        if (unreported != null) {
            leave(unreported);
        }
        return database.read(
                "what other processes have under way",
                connection -> {
                    int id = database.subscriptionId(subscription);
                    String[] elsewhere = note(connection, id, run);
                    return elsewhere.length == 0
                            ? Map.of()
                            : suspects(connection, id, run, List.of(elsewhere));
                });
    }

    /** Answers which of the run's entries another process has noted. */
    private String[] note(
            Connection connection, int subscription, List<? extends Delivery.Decoded<?>> run)
            throws SQLException {
        String[] entries =
                run.stream()
                        .map(event -> entry(event.position()))
                        .distinct()
                        .toArray(String[]::new);
        List<String> elsewhere = new ArrayList<>();
        try (PreparedStatement upsert =
                        prepare(
                                connection,
                                """
                                WITH own AS (
                                    INSERT INTO run_under_way (subscription_id, process, thread, entries)
                                    SELECT ?, ?, ?, ?::text[]
                                    WHERE set_config('synchronous_commit', 'off', true) = 'off'
                                    ON CONFLICT (subscription_id, process, thread)
                                        DO UPDATE SET entries = excluded.entries, noted_at = now())
                                SELECT DISTINCT e.entry FROM run_under_way r, unnest(r.entries) AS e (entry)
                                WHERE r.subscription_id = ? AND r.process <> ? AND r.entries && ?::text[]
                                    AND e.entry = ANY (?::text[])
                                """,
                                subscription,
                                process,
                                Thread.currentThread().threadId(),
                                entries,
                                subscription,
                                process,
                                entries,
                                entries);
                ResultSet rows = upsert.executeQuery()) {
            while (rows.next()) {
                elsewhere.add(rows.getString(1));
            }
        }
        return elsewhere.toArray(String[]::new);
    }

    private Map<Position, Integer> suspects(
            Connection connection,
            int subscription,
            List<? extends Delivery.Decoded<?>> run,
            List<String> elsewhere)
            throws SQLException {
        Rows<? extends Delivery.Decoded<?>> noted =
                new Rows<>(
                        run.stream()
                                .filter(event -> elsewhere.contains(entry(event.position())))
                                .toList());
        Map<Position, Integer> suspects = new HashMap<>();
        try (PreparedStatement query =
                        prepare(
                                connection,
                                """
                                SELECT ledger, entry, partition, index, count(l.process)
                                FROM unnest(?::bigint[], ?::bigint[], ?::integer[], ?::integer[], ?::text[])
                                    AS c (ledger, entry, partition, index, message_id)
                                LEFT JOIN lone_run l
                                    ON l.subscription_id = ? AND l.process <> ?
                                    AND (l.position_ledger, l.position_entry, l.position_partition, l.position_index)
                                        = (ledger, entry, partition, index)
                                WHERE NOT EXISTS (
                                    SELECT FROM inbox_record i
                                    WHERE i.subscription_id = ? AND i.message_id = c.message_id AND i.state <> 'parked')
                                GROUP BY ledger, entry, partition, index
                                """,
                                noted.longs(event -> event.position().ledger()),
                                noted.longs(event -> event.position().entry()),
                                noted.ints(event -> event.position().partition()),
                                noted.ints(event -> event.position().batchIndex()),
                                noted.texts(event -> event.messageId().value()),
                                subscription,
                                process,
                                subscription);
                ResultSet rows = query.executeQuery()) {
            while (rows.next()) {
                suspects.put(
                        new Position(
                                rows.getLong(1), rows.getLong(2), rows.getInt(3), rows.getInt(4)),
                        rows.getInt(5));
            }
        }
        return suspects;
    }

    @Override
    public void enter(Position position) {
        write(
                "a lone run",
                "INSERT INTO lone_run VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                position,
                process);
        entered.put(Thread.currentThread().threadId(), position);
    }

    @Override
    public void leave(Position position) {
        write("the end of a lone run", DELETE + " AND process = ?", position, process);
        entered.remove(Thread.currentThread().threadId());
    }

    @Override
    public void acquit(Position position) {
        write("the end of a lone run", DELETE, position);
        entered.remove(Thread.currentThread().threadId());
    }

    @Override
    public void endInOrder() {
        database.read(
                "the end of this process",
                connection -> {
                    int id = database.subscriptionId(subscription);
                    for (String table : List.of("lone_run", "run_under_way")) {
                        try (PreparedStatement delete =
                                prepare(
                                        connection,
                                        "DELETE FROM "
                                                + table
                                                + " WHERE subscription_id = ? AND process = ?",
                                        id,
                                        process)) {
                            delete.execute();
                        }
                    }
                    return id;
                });
    }

    private void write(String what, String sql, Position position, Object... more) {
        database.read(
                what,
                connection -> {
                    List<Object> parameters =
                            new ArrayList<>(
                                    List.of(
                                            database.subscriptionId(subscription),
                                            position.ledger(),
                                            position.entry(),
                                            position.partition(),
                                            position.batchIndex()));
                    parameters.addAll(List.of(more));
                    try (PreparedStatement statement =
                            prepare(connection, sql, parameters.toArray())) {
                        return statement.executeUpdate();
                    }
                });
    }

    private static String entry(Position position) {
        return position.ledger() + ":" + position.entry();
    }
}
