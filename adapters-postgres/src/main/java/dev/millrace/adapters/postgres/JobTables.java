package dev.millrace.adapters.postgres;

import static dev.millrace.adapters.postgres.Rows.prepare;

import dev.millrace.domain.Namespace;
import dev.millrace.domain.Tenant;
import dev.millrace.domain.operations.Cancelling;
import dev.millrace.domain.operations.Job;
import dev.millrace.domain.operations.Signature;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The tables of one kind of jobs, as one transaction uses them: how jobs are found, held, ended and
 * let go, whatever they do.
 *
 * @param <J> the kind of job
 */
abstract class JobTables<J extends Job> {

    private final Connection connection;
    private final Tenant tenant;
    private final Namespace namespace;
    private final String table;
    private final String select;

    /**
     * @param table the jobs' own
     * @param select the jobs of a tenant's namespace, their table by the name {@code r}
     */
    JobTables(
            Connection connection,
            Tenant tenant,
            Namespace namespace,
            String table,
            String select) {
        this.connection = connection;
        this.tenant = tenant;
        this.namespace = namespace;
        this.table = table;
        this.select = select;
    }

    /** Makes a job of a row. */
    abstract J job(ResultSet row) throws SQLException;

    /** What a job is about. */
    abstract AuditTable.Subject subject(J job);

    /** Jobs by their IDs. */
    final List<J> list(long after, int limit) throws SQLException {
        return jobs(this::job, " AND r.id > ? ORDER BY r.id LIMIT ?", after, limit);
    }

    /** One job. */
    final Optional<J> find(long id) throws SQLException {
        return jobs(this::job, " AND r.id = ?", id).stream().findFirst();
    }

    /** Ends a job at a person's wish, if it runs, and says so in the audit log. */
    final Cancelling<J> cancel(long id, Signature signature) throws SQLException {
        List<J> held = jobs(this::job, " AND r.id = ? FOR NO KEY UPDATE OF r", id);
        if (held.isEmpty()) {
            return new Cancelling.Unknown<>();
        }
        J job = held.getFirst();
        if (!job.isRunning()) {
            return new Cancelling.Ended<>(job);
        }
        end(id, "cancelled", "cancelled by " + signature.by());
        log("cancel", signature, job, Map.of());
        return new Cancelling.Cancelled<>(find(id).orElseThrow());
    }

    /**
     * Ends a job.
     *
     * @param word for its state
     */
    final void end(long id, String word, String detail) throws SQLException {
        execute(
                "UPDATE "
                        + table
                        + " SET state = ?, detail = ?, ended_at = clock_timestamp() WHERE id = ?",
                word,
                InboxTables.storable(detail),
                id);
    }

    /** Says in the audit log what was done about a job, which is named by its number. */
    final void log(String act, Signature signature, J job, Map<String, String> details)
            throws SQLException {
        Map<String, String> all = new HashMap<>(details);
        all.put(table + "Id", Long.toString(job.id()));
        long _ =
                new AuditTable(connection, tenant, namespace)
                        .add(act, signature, subject(job), all);
    }

    /**
     * Deletes jobs that ended before an instant, and first the many rows that hang on them, so that
     * a large job goes in steps, too.
     *
     * @param rows and the jobs without such rows: statements that take tenant, namespace, instant
     *     and limit
     * @return how many
     */
    final int purge(String rows, String jobs, Instant endedBefore, int limit) throws SQLException {
        int gone = delete(rows, endedBefore, limit);
        return gone + delete(jobs, endedBefore, limit - gone);
    }

    private int delete(String sql, Instant endedBefore, int limit) throws SQLException {
        return execute(sql, tenant.value(), namespace.value(), Rows.text(endedBefore), limit);
    }

    /** Makes a value of one row. */
    @FunctionalInterface
    interface RowReading<T> {
        T from(ResultSet row) throws SQLException;
    }

    /** Jobs on a further condition, each with what else is wanted of its row. */
    final <T> List<T> jobs(RowReading<T> reading, String condition, Object... parameters)
            throws SQLException {
        List<Object> all = new ArrayList<>(List.of(tenant.value(), namespace.value()));
        all.addAll(List.of(parameters));
        return query(reading, select + condition, all.toArray());
    }

    /** What a query finds. */
    final <T> List<T> query(RowReading<T> reading, String sql, Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = prepare(connection, sql, parameters);
                ResultSet row = statement.executeQuery()) {
            List<T> found = new ArrayList<>();
            while (row.next()) {
                found.add(reading.from(row));
            }
            return found;
        }
    }

    /** Runs a statement, and answers how many rows it changed. */
    final int execute(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(connection, sql, parameters)) {
            return statement.executeUpdate();
        }
    }
}
