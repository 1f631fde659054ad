package dev.millrace.adapters.postgres;

import dev.millrace.ports.Unavailable;

import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;

/**
 * A transaction that ends in a rollback unless its commit is beyond doubt.
 *
 * <p>The database answers the COMMIT of a failed transaction with ROLLBACK, and a COMMIT that
 * stopped waiting for its standby with success and a warning; the driver passes both on as success
 * (pgjdbc/pgjdbc#1697, SyncRepWaitForLSN).
 */
final class Transaction implements AutoCloseable {

    private final Connection connection;
    private boolean ended;

    private Transaction(Connection connection) {
        this.connection = connection;
    }

    /** Begins with the first statement, without a round trip of its own. */
    static Transaction begin(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        return new Transaction(connection);
    }

    /**
     * Commits, without a bound of the server's on how long that takes.
     *
     * @throws SQLException when the transaction has failed before, with the first failure among its
     *     causes; surely not committed
     * @throws Unavailable when the outcome is unknown
     */
    void commit() throws SQLException {
        requireNot(TransactionState.IDLE);
        try (Statement statement = connection.createStatement()) {
            // Refused in a failed transaction, and then it tells why it has failed.
            statement.execute("SET LOCAL statement_timeout = 0");
        }
        requireNot(TransactionState.FAILED);
        ended = true;
        SQLWarning warning;
        try {
            connection.clearWarnings();
            connection.commit();
            warning = connection.getWarnings();
        } catch (SQLException failure) {
            throw SqlFailure.unavailable("whether a batch was committed is unknown", failure);
        }
        if (warning != null) {
            throw SqlFailure.unavailable("whether a batch was committed is doubtful", warning);
        }
    }

    private void requireNot(TransactionState unfit) throws SQLException {
        if (connection.unwrap(BaseConnection.class).getTransactionState() == unfit) {
            throw new IllegalStateException("a transaction to be committed was " + unfit);
        }
    }

    /** Rolls back what was not committed. The pool ends a connection on which even that fails. */
    @Override
    public void close() throws SQLException {
        if (!ended) {
            ended = true;
            connection.rollback();
        }
    }
}
