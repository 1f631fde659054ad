package dev.millrace.adapters.postgres;

import static dev.millrace.adapters.postgres.Rows.prepare;

import dev.millrace.domain.Namespace;
import dev.millrace.domain.Position;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.operations.LaneOverview;
import dev.millrace.domain.operations.LanePause;
import dev.millrace.domain.operations.LaneReport;
import dev.millrace.domain.operations.LaneState;
import dev.millrace.domain.operations.Pausing;
import dev.millrace.domain.operations.ReportedLane;
import dev.millrace.domain.operations.Resuming;
import dev.millrace.domain.operations.Signature;
import dev.millrace.domain.operations.SubscriptionName;
import dev.millrace.ports.operations.driven.LaneBoard;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** The lanes of one tenant's namespace, and what people want of them. Thread-safe. */
public final class PostgresLaneBoard implements LaneBoard {

    /** More lanes than anybody reads about. */
    private static final int MOST = 10_000;

    /** One round trip: what a process says, what has been silent for long, and what is wanted. */
    private static final String REPORT =
            """
            WITH own AS (
                INSERT INTO lane_report AS r
                SELECT ?, ?, l.lane, l.state, l.acknowledged, l.rate, l.waits_for, clock_timestamp()
                FROM unnest(?::integer[], ?::text[], ?::text[], ?::double precision[], ?::text[])
                    AS l (lane, state, acknowledged, rate, waits_for)
                ON CONFLICT (subscription_id, process, lane) DO UPDATE SET state = excluded.state,
                    acknowledged = excluded.acknowledged, rate = excluded.rate, waits_for = excluded.waits_for,
                    reported_at = excluded.reported_at),
            silent AS (
                DELETE FROM lane_report WHERE ctid IN (
                    SELECT ctid FROM lane_report
                    WHERE subscription_id = ? AND process <> ? AND reported_at < clock_timestamp() - interval '1 minute'
                    FOR UPDATE SKIP LOCKED))
            SELECT s.stream, s.name, p.paused_by, p.why, p.paused_at
            FROM lane_pause p JOIN subscription s ON s.id = p.subscription_id WHERE s.id = ?
            """;

    private static final String LANES =
            """
            SELECT s.stream, s.name, r.* FROM lane_report r JOIN subscription s ON s.id = r.subscription_id
            WHERE s.tenant = ? AND s.namespace = ? AND r.reported_at > clock_timestamp() - ?::interval
            ORDER BY s.stream, s.name, r.process, r.lane LIMIT ?
            """;

    private static final String PAUSES =
            """
            SELECT s.stream, s.name, p.paused_by, p.why, p.paused_at
            FROM lane_pause p JOIN subscription s ON s.id = p.subscription_id
            WHERE s.tenant = ? AND s.namespace = ? ORDER BY s.stream, s.name
            """;

    private final PostgresDatabase database;
    private final Tenant tenant;
    private final Namespace namespace;

    /** The lanes of all subscriptions of this tenant's streams in this namespace. */
    public PostgresLaneBoard(PostgresDatabase database, Tenant tenant, Namespace namespace) {
        this.database = Objects.requireNonNull(database);
        this.tenant = Objects.requireNonNull(tenant);
        this.namespace = Objects.requireNonNull(namespace);
    }

    @Override
    public Optional<LanePause> report(
            SubscriptionName subscription, String process, List<LaneReport> lanes) {
        Rows<LaneReport> rows = Rows.of(lanes);
        return database.read(
                "the report about lanes",
                connection -> {
                    int id = database.subscriptionId(id(subscription));
                    return pauses(
                                    connection,
                                    REPORT,
                                    id,
                                    process,
                                    rows.ints(LaneReport::lane),
                                    rows.texts(lane -> lane.state().word()),
                                    rows.texts(PostgresLaneBoard::acknowledged),
                                    lanes.stream().mapToDouble(LaneReport::rate).toArray(),
                                    rows.texts(lane -> InboxTables.storable(lane.waitsFor())),
                                    id,
                                    process,
                                    id)
                            .stream()
                            .findFirst();
                });
    }

    private static String acknowledged(LaneReport lane) {
        return lane.acknowledged().isEmpty() ? "" : lane.acknowledged().getFirst().toString();
    }

    @Override
    public void leave(SubscriptionName subscription, String process) {
        database.read(
                "the end of lanes",
                connection ->
                        execute(
                                connection,
                                "DELETE FROM lane_report WHERE subscription_id = ? AND process = ?",
                                database.subscriptionId(id(subscription)),
                                process));
    }

    @Override
    public LaneOverview overview() {
        return database.read(
                "the lanes",
                connection ->
                        new LaneOverview(
                                lanes(connection),
                                pauses(connection, PAUSES, tenant.value(), namespace.value())));
    }

    private List<ReportedLane> lanes(Connection connection) throws SQLException {
        try (PreparedStatement query =
                        prepare(
                                connection,
                                LANES,
                                tenant.value(),
                                namespace.value(),
                                SILENCE.toString(),
                                MOST);
                ResultSet row = query.executeQuery()) {
            List<ReportedLane> lanes = new ArrayList<>();
            while (row.next()) {
                lanes.add(
                        new ReportedLane(
                                name(row),
                                row.getString("process"),
                                new LaneReport(
                                        row.getInt("lane"),
                                        LaneState.of(row.getString("state")),
                                        Stream.of(row.getString("acknowledged"))
                                                .filter(text -> !text.isEmpty())
                                                .map(Position::parse)
                                                .toList(),
                                        row.getDouble("rate"),
                                        row.getString("waits_for")),
                                instant(row, "reported_at")));
            }
            return lanes;
        }
    }

    @Override
    public Pausing pause(SubscriptionName subscription, Signature signature) {
        return new Acts(database, "a pause")
                .run(connection -> {
                    Optional<Integer> id = find(connection, subscription);
                    return id.isEmpty()
                            ? new Pausing.Unknown()
                            : pause(connection, id.get(), subscription, signature);
                });
    }

    private Pausing pause(
            Connection connection, int id, SubscriptionName subscription, Signature signature)
            throws SQLException {
        boolean fresh =
                execute(
                        connection,
                        "INSERT INTO lane_pause (subscription_id, paused_by, why) VALUES (?, ?, ?)"
                                + " ON CONFLICT DO NOTHING",
                        id,
                        InboxTables.storable(signature.by()),
                        InboxTables.storable(signature.why()));
        // The row of somebody else's pause is locked, so that nobody takes it back meanwhile.
        Optional<LanePause> pause =
                pauses(
                                connection,
                                """
                                SELECT s.stream, s.name, p.paused_by, p.why, p.paused_at
                                FROM lane_pause p JOIN subscription s ON s.id = p.subscription_id
                                WHERE s.id = ? FOR KEY SHARE OF p
                                """,
                                id)
                        .stream()
                        .findFirst();
        if (pause.isEmpty()) {
            // It was taken back at this very moment: then this wish is the later one.
            return pause(connection, id, subscription, signature);
        }
        if (fresh) {
            log(connection, "pause", subscription, signature, Map.of());
        }
        return fresh ? new Pausing.Paused(pause.get()) : new Pausing.AlreadyPaused(pause.get());
    }

    @Override
    public Resuming resume(SubscriptionName subscription, Signature signature) {
        return new Acts(database, "a resumption")
                .run(connection -> {
                    Optional<Integer> id = find(connection, subscription);
                    return id.isEmpty()
                            ? new Resuming.Unknown()
                            : resume(connection, id.get(), subscription, signature);
                });
    }

    private Resuming resume(
            Connection connection, int id, SubscriptionName subscription, Signature signature)
            throws SQLException {
        List<LanePause> ended =
                pauses(
                        connection,
                        """
                        DELETE FROM lane_pause p USING subscription s WHERE s.id = p.subscription_id AND s.id = ?
                        RETURNING s.stream, s.name, p.paused_by, p.why, p.paused_at
                        """,
                        id);
        if (ended.isEmpty()) {
            return new Resuming.NotPaused();
        }
        LanePause pause = ended.getFirst();
        log(
                connection,
                "resume",
                subscription,
                signature,
                Map.of("pausedBy", pause.signature().by(), "pausedAt", pause.at().toString()));
        return new Resuming.Resumed(pause);
    }

    private void log(
            Connection connection,
            String act,
            SubscriptionName subscription,
            Signature signature,
            Map<String, String> details)
            throws SQLException {
        long _ =
                new AuditTable(connection, tenant, namespace)
                        .add(
                                act,
                                signature,
                                new AuditTable.Subject(
                                        subscription.stream().value(),
                                        subscription.subscription(),
                                        "",
                                        "",
                                        0),
                                details);
    }

    private SubscriptionId id(SubscriptionName name) {
        return new SubscriptionId(tenant, namespace, name.stream(), name.subscription());
    }

    private Optional<Integer> find(Connection connection, SubscriptionName name)
            throws SQLException {
        return PostgresDatabase.known(
                connection,
                tenant.value(),
                namespace.value(),
                name.stream().value(),
                name.subscription());
    }

    private static List<LanePause> pauses(Connection connection, String sql, Object... parameters)
            throws SQLException {
        try (PreparedStatement query = prepare(connection, sql, parameters);
                ResultSet row = query.executeQuery()) {
            List<LanePause> pauses = new ArrayList<>();
            while (row.next()) {
                pauses.add(
                        new LanePause(
                                name(row),
                                new Signature(row.getString("paused_by"), row.getString("why")),
                                instant(row, "paused_at")));
            }
            return pauses;
        }
    }

    private static SubscriptionName name(ResultSet row) throws SQLException {
        return new SubscriptionName(new StreamName(row.getString("stream")), row.getString("name"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static boolean execute(Connection connection, String sql, Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = prepare(connection, sql, parameters)) {
            return statement.executeUpdate() > 0;
        }
    }
}
