package dev.millrace.adapters.postgres;

import dev.millrace.domain.Namespace;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.operations.QuarantineFilter;
import dev.millrace.domain.operations.QuarantinedEvent;
import dev.millrace.domain.operations.Redrive;
import dev.millrace.domain.operations.RedrivePace;
import dev.millrace.domain.operations.RedriveTally;
import dev.millrace.domain.operations.Signature;
import dev.millrace.ports.operations.driven.Redrives.Lease;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.Optional;

/** The tables of the jobs that retry many events, as one transaction uses them. */
final class RedriveTables extends JobTables<Redrive> {

    private static final String JOB =
            """
            SELECT id, state, actor, why, stream, subscription, key, reason, cause, message_id, since, until, up_to, most,
                rate, rate_succeeded, rate_failed, retried, succeeded, failed, remaining, started_at, ended_at, detail
            FROM redrive r WHERE tenant = ? AND namespace = ?
            """;

    private final Tenant tenant;
    private final Namespace namespace;

    RedriveTables(Connection connection, Tenant tenant, Namespace namespace) {
        super(connection, tenant, namespace, "redrive", JOB);
        this.tenant = tenant;
        this.namespace = namespace;
    }

    /**
     * A job with what only its driver has to know.
     *
     * @param upTo the last stay in quarantine that it is about
     */
    record Driven(Redrive redrive, long upTo) {}

    /**
     * Writes a job down.
     *
     * @return its ID
     */
    long add(QuarantineFilter filter, int most, long upTo, long matching, Signature signature)
            throws SQLException {
        return query(
                        row -> row.getLong(1),
                        """
                        INSERT INTO redrive (tenant, namespace, actor, why, stream, subscription, key, reason, cause, message_id,
                            since, until, up_to, most, remaining)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::timestamptz, ?::timestamptz, ?, ?, ?)
                        RETURNING id
                        """,
                        tenant.value(),
                        namespace.value(),
                        InboxTables.storable(signature.by()),
                        InboxTables.storable(signature.why()),
                        filter.stream(),
                        filter.subscription(),
                        filter.key(),
                        filter.reason(),
                        filter.cause(),
                        filter.messageId(),
                        Rows.text(filter.since()),
                        Rows.text(filter.until()),
                        upTo,
                        most,
                        matching)
                .getFirst();
    }

    /** Locks a job, if it runs and this is its last lease. */
    Optional<Driven> hold(Lease lease) throws SQLException {
        return jobs(
                        row -> new Driven(job(row), row.getLong("up_to")),
                        " AND r.id = ? AND r.lease_number = ? AND r.state = 'running'"
                                + " FOR NO KEY UPDATE OF r",
                        lease.redrive(),
                        lease.number())
                .stream()
                .findFirst();
    }

    /** Takes a running job that nobody drives. */
    Optional<Lease> take(String holder, Duration term) throws SQLException {
        return query(
                        row ->
                                new Lease(
                                        row.getLong(1),
                                        row.getLong(2),
                                        new Signature(row.getString(3), row.getString(4))),
                        """
                        UPDATE redrive SET lease_number = lease_number + 1, lease_holder = ?,
                            leased_until = clock_timestamp() + ? * interval '1 millisecond'
                        WHERE id = (
                            SELECT id FROM redrive
                            WHERE tenant = ? AND namespace = ? AND state = 'running' AND leased_until < clock_timestamp()
                            ORDER BY id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
                        RETURNING id, lease_number, actor, why
                        """,
                        holder,
                        term.toMillis(),
                        tenant.value(),
                        namespace.value())
                .stream()
                .findFirst();
    }

    /** Counts what has come of the events that a job has retried, and what is left. */
    void count(long id, long remaining) throws SQLException {
        execute(
                """
                WITH settled AS (
                    DELETE FROM redriven_event e USING inbox_record r
                    WHERE e.redrive_id = ? AND r.subscription_id = e.subscription_id AND r.message_id = e.message_id
                        AND (r.state <> 'parked' OR EXISTS (
                            SELECT FROM parked_event p WHERE p.subscription_id = e.subscription_id
                                AND p.message_id = e.message_id AND p.attempts > 0))
                    RETURNING r.state)
                UPDATE redrive SET remaining = ?,
                    succeeded = succeeded + (SELECT count(*) FROM settled WHERE state IN ('applied', 'rejected')),
                    failed = failed + (SELECT count(*) FROM settled WHERE state NOT IN ('applied', 'rejected'))
                WHERE id = ?
                """,
                id,
                remaining,
                id);
    }

    /** Lets a job go on at a pace, for a term. */
    void goOn(long id, RedrivePace pace, Duration term) throws SQLException {
        execute(
                """
                UPDATE redrive SET rate = ?, rate_succeeded = ?, rate_failed = ?,
                    leased_until = clock_timestamp() + ? * interval '1 millisecond'
                WHERE id = ?
                """,
                pace.rate(),
                pace.succeeded(),
                pace.failed(),
                term.toMillis(),
                id);
    }

    /** Keeps in mind that a job has retried an event. */
    void note(long id, QuarantinedEvent event) throws SQLException {
        execute(
                """
                WITH noted AS (
                    INSERT INTO redriven_event (redrive_id, subscription_id, message_id)
                    SELECT ?, s.id, ? FROM subscription s
                    WHERE s.tenant = ? AND s.namespace = ? AND s.stream = ? AND s.name = ?)
                UPDATE redrive SET retried = retried + 1, remaining = greatest(remaining - 1, 0) WHERE id = ?
                """,
                id,
                event.messageId(),
                tenant.value(),
                namespace.value(),
                event.stream().value(),
                event.subscription(),
                id);
    }

    /** Lets jobs go that have ended, and first what they still waited for. */
    int purge(Instant endedBefore, int limit) throws SQLException {
        return purge(
                """
                DELETE FROM redriven_event WHERE ctid = ANY (ARRAY(
                    SELECT e.ctid FROM redriven_event e JOIN redrive r ON r.id = e.redrive_id
                    WHERE r.tenant = ? AND r.namespace = ? AND r.ended_at < ?::timestamptz
                    LIMIT ?
                    FOR UPDATE OF e SKIP LOCKED))
                """,
                """
                DELETE FROM redrive WHERE id = ANY (ARRAY(
                    SELECT id FROM redrive r
                    WHERE tenant = ? AND namespace = ? AND ended_at < ?::timestamptz
                        AND NOT EXISTS (SELECT FROM redriven_event e WHERE e.redrive_id = r.id)
                    ORDER BY ended_at
                    LIMIT ?
                    FOR UPDATE SKIP LOCKED))
                """,
                endedBefore,
                limit);
    }

    @Override
    AuditTable.Subject subject(Redrive job) {
        QuarantineFilter filter = job.filter();
        return new AuditTable.Subject(
                filter.stream(), filter.subscription(), filter.key(), filter.messageId(), 0);
    }

    @Override
    Redrive job(ResultSet row) throws SQLException {
        OffsetDateTime endedAt = row.getObject("ended_at", OffsetDateTime.class);
        return new Redrive(
                row.getLong("id"),
                Redrive.State.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
                new QuarantineFilter(
                        row.getString("stream"),
                        row.getString("subscription"),
                        row.getString("key"),
                        row.getString("reason"),
                        row.getString("cause"),
                        row.getString("message_id"),
                        row.getObject("since", OffsetDateTime.class).toInstant(),
                        row.getObject("until", OffsetDateTime.class).toInstant()),
                new Signature(row.getString("actor"), row.getString("why")),
                row.getInt("most"),
                new RedrivePace(
                        row.getInt("rate"),
                        row.getLong("rate_succeeded"),
                        row.getLong("rate_failed")),
                new RedriveTally(
                        row.getLong("retried"),
                        row.getLong("succeeded"),
                        row.getLong("failed"),
                        row.getLong("remaining")),
                row.getObject("started_at", OffsetDateTime.class).toInstant(),
                endedAt == null ? Instant.MAX : endedAt.toInstant(),
                row.getString("detail"));
    }
}
