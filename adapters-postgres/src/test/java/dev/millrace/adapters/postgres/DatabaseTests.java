package dev.millrace.adapters.postgres;

import dev.millrace.ports.contract.Outage;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

import java.sql.SQLException;

/**
 * Tests with a database of their own, which is empty at the beginning of each, and away when they
 * wish.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class DatabaseTests implements Outage {

    /** Of this class alone. */
    protected final TestDatabase database;

    /** Makes the database. */
    protected DatabaseTests() throws SQLException {
        database = TestDatabase.create();
    }

    /** Whatever the test before has left. */
    @BeforeEach
    public final void begin_empty() throws SQLException {
        database.empty();
    }

    /** Leaves nothing on the server. */
    @AfterAll
    public final void drop() {
        database.close();
    }

    @Override
    public final void makeUnavailable() {
        database.makeUnavailable();
    }

    @Override
    public final void makeAvailable() {
        database.makeAvailable();
    }
}
