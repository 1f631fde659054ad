package dev.millrace.adapters.postgres;

import dev.millrace.domain.Namespace;
import dev.millrace.domain.Position;
import dev.millrace.domain.StreamName;
import dev.millrace.domain.SubscriptionId;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.operations.Replay;
import dev.millrace.domain.operations.ReplayBoundary;
import dev.millrace.domain.operations.ReplayFinding;
import dev.millrace.domain.operations.ReplayMode;
import dev.millrace.domain.operations.ReplayPlan;
import dev.millrace.domain.operations.ReplayScope;
import dev.millrace.domain.operations.ReplaySpan;
import dev.millrace.domain.operations.ReplayStep;
import dev.millrace.domain.operations.ReplayTally;
import dev.millrace.domain.operations.Signature;
import dev.millrace.ports.operations.driven.Replays;
import dev.millrace.ports.operations.driven.Replays.Lease;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The tables of the replays, as one transaction uses them. */
final class ReplayTables extends JobTables<Replay> {

    private static final String JOB =
            """
            SELECT r.id, r.state, r.actor, r.why, r.mode, r.out_of_order, r.begins, r.ends, r.rate, r.copies, r.in_flight,
                r.purged, r.started_at, r.ended_at, r.detail, s.tenant, s.namespace, s.stream, s.name,
                ARRAY(SELECT concat_ws(':', p.next_ledger, p.next_entry, p.partition, p.next_index)
                    FROM replay_span p WHERE p.replay_id = r.id ORDER BY p.partition) AS nexts,
                ARRAY(SELECT concat_ws(':', p.until_ledger, p.until_entry, p.partition, p.until_index)
                    FROM replay_span p WHERE p.replay_id = r.id ORDER BY p.partition) AS untils,
                ARRAY(SELECT c.kind FROM replay_count c WHERE c.replay_id = r.id ORDER BY c.kind) AS kinds,
                ARRAY(SELECT c.findings::text FROM replay_count c WHERE c.replay_id = r.id ORDER BY c.kind) AS counts,
                (SELECT count(*) FROM replay_finding f WHERE f.replay_id = r.id) AS kept
            FROM replay r JOIN subscription s ON s.id = r.subscription_id
            WHERE s.tenant = ? AND s.namespace = ?
            """;

    private final Tenant tenant;
    private final Namespace namespace;

    ReplayTables(Connection connection, Tenant tenant, Namespace namespace) {
        super(connection, tenant, namespace, "replay", JOB);
        this.tenant = tenant;
        this.namespace = namespace;
    }

    /**
     * Writes a job down, unless another one of the subscription runs.
     *
     * @return its ID; 0 when one runs
     */
    long add(int subscription, ReplayPlan plan, List<ReplaySpan> spans, Signature signature)
            throws SQLException {
        List<Long> added =
                query(
                        row -> row.getLong(1),
                        """
                        INSERT INTO replay (subscription_id, actor, why, mode, out_of_order, begins, ends, rate)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                        ON CONFLICT (subscription_id) WHERE state = 'running' DO NOTHING
                        RETURNING id
                        """,
                        subscription,
                        InboxTables.storable(signature.by()),
                        InboxTables.storable(signature.why()),
                        plan.mode().word(),
                        plan.outOfOrder(),
                        plan.scope().from().toString(),
                        plan.scope().to().toString(),
                        plan.rate());
        if (added.isEmpty()) {
            return 0;
        }
        Rows<ReplaySpan> rows = Rows.of(spans);
        execute(
                """
                INSERT INTO replay_span
                SELECT ?, * FROM unnest(?::integer[], ?::bigint[], ?::bigint[], ?::integer[], ?::bigint[], ?::bigint[], ?::integer[])
                """,
                added.getFirst(),
                rows.ints(ReplaySpan::partition),
                rows.longs(span -> span.next().ledger()),
                rows.longs(span -> span.next().entry()),
                rows.ints(span -> span.next().batchIndex()),
                rows.longs(span -> span.until().ledger()),
                rows.longs(span -> span.until().entry()),
                rows.ints(span -> span.until().batchIndex()));
        return added.getFirst();
    }

    /** Which job of a subscription runs. */
    Optional<Long> running(int subscription) throws SQLException {
        return query(
                        row -> row.getLong(1),
                        "SELECT id FROM replay WHERE subscription_id = ? AND state = 'running'",
                        subscription)
                .stream()
                .findFirst();
    }

    /** Locks a job, if it runs and this is its last lease. */
    boolean hold(Lease lease) throws SQLException {
        return !query(
                        row -> row.getLong(1),
                        "SELECT id FROM replay WHERE id = ? AND lease_number = ? AND state ="
                                + " 'running' FOR NO KEY UPDATE",
                        lease.replay().id(),
                        lease.number())
                .isEmpty();
    }

    /** Takes the running job of a subscription, if nobody drives it. */
    Optional<Lease> take(int subscription, String holder, Duration term) throws SQLException {
        record Taken(long id, long number) {}
        List<Taken> taken =
                query(
                        row -> new Taken(row.getLong(1), row.getLong(2)),
                        """
                        UPDATE replay SET lease_number = lease_number + 1, lease_holder = ?,
                            leased_until = clock_timestamp() + ? * interval '1 millisecond'
                        WHERE id = (
                            SELECT id FROM replay
                            WHERE subscription_id = ? AND state = 'running' AND leased_until < clock_timestamp()
                            FOR NO KEY UPDATE SKIP LOCKED)
                        RETURNING id, lease_number
                        """,
                        holder,
                        term.toMillis(),
                        subscription);
        return taken.isEmpty()
                ? Optional.empty()
                : find(taken.getFirst().id())
                        .map(replay -> new Lease(replay, taken.getFirst().number()));
    }

    /** Keeps how far a job has come, and lets it go on for a term. */
    void advance(long id, Duration term, ReplayStep step) throws SQLException {
        Position next = step.reached().next();
        execute(
                """
                WITH moved AS (
                    UPDATE replay_span SET next_ledger = ?, next_entry = ?, next_index = ?
                    WHERE replay_id = ? AND partition = ?)
                UPDATE replay SET copies = copies + ?, in_flight = in_flight + ?, purged = purged + ?,
                    leased_until = clock_timestamp() + ? * interval '1 millisecond'
                WHERE id = ?
                """,
                next.ledger(),
                next.entry(),
                next.batchIndex(),
                id,
                next.partition(),
                step.copies(),
                step.inFlight(),
                step.purged(),
                term.toMillis(),
                id);
        keep(id, step.findings());
    }

    /** Counts what was found, and keeps as much of it as may be kept. */
    void keep(long id, List<ReplayFinding> findings) throws SQLException {
        if (findings.isEmpty()) {
            return;
        }
        Rows<ReplayFinding> rows = Rows.of(findings);
        execute(
                """
                INSERT INTO replay_count
                SELECT ?, kind, count(*) FROM unnest(?::text[]) AS kind GROUP BY kind
                ON CONFLICT (replay_id, kind) DO UPDATE SET findings = replay_count.findings + excluded.findings
                """,
                id,
                rows.texts(finding -> finding.kind().word()));
        execute(
                """
                INSERT INTO replay_finding (replay_id, kind, position_ledger, position_entry, position_partition,
                    position_index, message_id, key, detail)
                SELECT ?, f.kind, f.ledger, f.entry, f.partition, f.index, f.message_id, f.key, f.detail
                FROM unnest(?::text[], ?::bigint[], ?::bigint[], ?::integer[], ?::integer[], ?::text[], ?::text[], ?::text[])
                    WITH ORDINALITY AS f (kind, ledger, entry, partition, index, message_id, key, detail, number)
                ORDER BY f.number
                LIMIT greatest(0, ? - (SELECT count(*) FROM replay_finding WHERE replay_id = ?))
                """,
                id,
                rows.texts(finding -> finding.kind().word()),
                rows.longs(finding -> finding.position().ledger()),
                rows.longs(finding -> finding.position().entry()),
                rows.ints(finding -> finding.position().partition()),
                rows.ints(finding -> finding.position().batchIndex()),
                rows.texts(finding -> InboxTables.storable(finding.messageId())),
                rows.texts(finding -> InboxTables.storable(finding.key())),
                rows.texts(finding -> InboxTables.storable(finding.detail())),
                Replays.MAX_FINDINGS,
                id);
    }

    /** What a job has found, by the number. */
    List<ReplayFinding> findings(long id, long after, int limit) throws SQLException {
        return query(
                row ->
                        new ReplayFinding(
                                row.getLong("number"),
                                kind(row.getString("kind")),
                                InboxTables.position(row, 1),
                                row.getString("message_id"),
                                row.getString("key"),
                                row.getString("detail")),
                """
                SELECT f.position_ledger, f.position_entry, f.position_partition, f.position_index,
                    f.number, f.kind, f.message_id, f.key, f.detail
                FROM replay_finding f JOIN replay r ON r.id = f.replay_id JOIN subscription s ON s.id = r.subscription_id
                WHERE s.tenant = ? AND s.namespace = ? AND f.replay_id = ? AND f.number > ?
                ORDER BY f.number LIMIT ?
                """,
                tenant.value(),
                namespace.value(),
                id,
                after,
                limit);
    }

    @Override
    AuditTable.Subject subject(Replay job) {
        SubscriptionId subscription = job.plan().subscription();
        return new AuditTable.Subject(
                subscription.stream().value(), subscription.name(), "", "", 0);
    }

    @Override
    Replay job(ResultSet row) throws SQLException {
        OffsetDateTime endedAt = row.getObject("ended_at", OffsetDateTime.class);
        return new Replay(
                row.getLong("id"),
                Replay.State.valueOf(constant(row.getString("state"))),
                plan(row),
                new Signature(row.getString("actor"), row.getString("why")),
                spans(row),
                tally(row),
                row.getObject("started_at", OffsetDateTime.class).toInstant(),
                endedAt == null ? Instant.MAX : endedAt.toInstant(),
                row.getString("detail"));
    }

    private static ReplayPlan plan(ResultSet row) throws SQLException {
        return new ReplayPlan(
                new SubscriptionId(
                        new Tenant(row.getString("tenant")),
                        new Namespace(row.getString("namespace")),
                        new StreamName(row.getString("stream")),
                        row.getString("name")),
                new ReplayScope(
                        ReplayBoundary.parse("from", row.getString("begins")),
                        ReplayBoundary.parse("to", row.getString("ends"))),
                ReplayMode.valueOf(constant(row.getString("mode"))),
                row.getBoolean("out_of_order"),
                row.getInt("rate"));
    }

    private static List<ReplaySpan> spans(ResultSet row) throws SQLException {
        List<ReplaySpan> spans = new ArrayList<>();
        Rows.map(row, "nexts", "untils")
                .forEach((next, until) ->
                        spans.add(new ReplaySpan(Position.parse(next), Position.parse(until))));
        spans.sort(Comparator.comparingInt(ReplaySpan::partition));
        return spans;
    }

    private static ReplayTally tally(ResultSet row) throws SQLException {
        Map<ReplayFinding.Kind, Long> found = new EnumMap<>(ReplayFinding.Kind.class);
        Rows.map(row, "kinds", "counts")
                .forEach((kind, count) -> found.put(kind(kind), Long.valueOf(count)));
        long all = found.values().stream().mapToLong(Long::longValue).sum();
        return new ReplayTally(
                row.getLong("copies"),
                row.getLong("in_flight"),
                row.getLong("purged"),
                found,
                all - row.getLong("kept"));
    }

    /** Lets jobs go that have ended, and first what they have found. */
    int purge(Instant endedBefore, int limit) throws SQLException {
        return purge(
                """
                DELETE FROM replay_finding WHERE ctid = ANY (ARRAY(
                    SELECT f.ctid FROM replay_finding f
                    JOIN replay r ON r.id = f.replay_id JOIN subscription s ON s.id = r.subscription_id
                    WHERE s.tenant = ? AND s.namespace = ? AND r.ended_at < ?::timestamptz
                    LIMIT ?
                    FOR UPDATE OF f SKIP LOCKED))
                """,
                """
                DELETE FROM replay WHERE id = ANY (ARRAY(
                    SELECT r.id FROM replay r JOIN subscription s ON s.id = r.subscription_id
                    WHERE s.tenant = ? AND s.namespace = ? AND r.ended_at < ?::timestamptz
                        AND NOT EXISTS (SELECT FROM replay_finding f WHERE f.replay_id = r.id)
                    ORDER BY r.ended_at
                    LIMIT ?
                    FOR UPDATE OF r SKIP LOCKED))
                """,
                endedBefore,
                limit);
    }

    private static ReplayFinding.Kind kind(String word) {
        return ReplayFinding.Kind.valueOf(constant(word));
    }

    private static String constant(String word) {
        return word.toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
