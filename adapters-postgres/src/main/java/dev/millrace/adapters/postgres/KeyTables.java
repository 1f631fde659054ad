package dev.millrace.adapters.postgres;

import static dev.millrace.adapters.postgres.Rows.prepare;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * The keys of one subscription as an operator's transaction uses them. A key is a text here: what
 * an undecodable copy calls its key need not be one.
 */
final class KeyTables {

    private static final long NOBODY = -1;

    private final Connection connection;
    private final int subscription;
    private final ParkedTables parked;

    KeyTables(Connection connection, int subscription) {
        this.connection = connection;
        this.subscription = subscription;
        this.parked = new ParkedTables(connection, subscription);
    }

    /**
     * Waits for a key's row, where there is one: keys have none on a subscription without order.
     */
    void await(String key) throws SQLException {
        execute(
                "SELECT FROM key_lock WHERE subscription_id = ? AND key = ? FOR NO KEY UPDATE",
                subscription,
                key);
    }

    /**
     * One event of a key is parked again, out of quarantine. It is due if it is the head of the
     * queue, and so is any other head, unless the key waits for a person on another's account.
     * Those behind are not due, as it may have come before one that was.
     *
     * @param sequence its place
     */
    void takeBack(String key, long sequence) throws SQLException {
        boolean ordered =
                update(
                        """
                        UPDATE key_lock SET parked = parked + 1, awaits_person = EXISTS (
                            SELECT FROM quarantine WHERE subscription_id = ? AND key = ? AND holds_key)
                        WHERE subscription_id = ? AND key = ?
                        """,
                        subscription,
                        key,
                        subscription,
                        key);
        execute(
                """
                UPDATE parked_event SET due_at = CASE
                    WHEN ? OR sequence = ? THEN coalesce(due_at, clock_timestamp()) END
                WHERE subscription_id = ? AND key = ?
                """,
                !ordered,
                ordered ? head(key, sequence) : sequence,
                subscription,
                key);
    }

    /** Which event may be tried, if it is to be one with this place or a key that is free to go. */
    private long head(String key, long sequence) throws SQLException {
        long first =
                number(
                        "SELECT min(sequence) FROM parked_event WHERE subscription_id = ? AND key ="
                                + " ?",
                        subscription,
                        key);
        return first == sequence || awaited(key).isEmpty() ? first : NOBODY;
    }

    /**
     * One event of a key is given up: its head is due, unless another event holds it.
     *
     * @return whether none does
     */
    boolean goOn(String key) throws SQLException {
        execute(
                """
                UPDATE key_lock SET awaits_person = EXISTS (
                    SELECT FROM quarantine WHERE subscription_id = ? AND key = ? AND holds_key)
                WHERE subscription_id = ? AND key = ? AND awaits_person
                """,
                subscription,
                key,
                subscription,
                key);
        parked.advance(key);
        return awaited(key).isEmpty();
    }

    /** Which quarantined events a key waits for. */
    List<Long> awaited(String key) throws SQLException {
        try (PreparedStatement query =
                        prepare(
                                connection,
                                "SELECT id FROM quarantine WHERE subscription_id = ? AND key = ?"
                                        + " AND holds_key ORDER BY id",
                                subscription,
                                key);
                ResultSet row = query.executeQuery()) {
            List<Long> awaited = new ArrayList<>();
            while (row.next()) {
                awaited.add(row.getLong(1));
            }
            return awaited;
        }
    }

    /**
     * The head of a key's queue is due at once; where there is no order, each of its events is one.
     *
     * @return how many of its events wait
     */
    long hasten(String key) throws SQLException {
        execute(
                """
                UPDATE parked_event SET due_at = clock_timestamp()
                WHERE subscription_id = ? AND key = ? AND due_at > clock_timestamp()
                """,
                subscription,
                key);
        parked.advance(key);
        return number(
                "SELECT count(*) FROM parked_event WHERE subscription_id = ? AND key = ?",
                subscription,
                key);
    }

    private long number(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement query = prepare(connection, sql, parameters);
                ResultSet row = query.executeQuery()) {
            row.next();
            return row.getLong(1);
        }
    }

    private boolean update(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(connection, sql, parameters)) {
            return statement.executeUpdate() > 0;
        }
    }

    private void execute(String sql, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(connection, sql, parameters)) {
            statement.execute();
        }
    }
}
