package dev.millrace.adapters.postgres;

import dev.millrace.domain.Tenant;
import dev.millrace.ports.contract.LaneBoardContract;
import dev.millrace.ports.operations.driven.AuditLog;
import dev.millrace.ports.operations.driven.LaneBoard;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

import java.sql.SQLException;
import java.time.Duration;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PostgresLaneBoardTest implements LaneBoardContract {

    private final TestDatabase database;

    PostgresLaneBoardTest() throws SQLException {
        database = TestDatabase.create();
    }

    @BeforeEach
    void begin_empty() throws SQLException {
        database.empty();
    }

    @AfterAll
    void drop() {
        database.close();
    }

    @Override
    public LaneBoard board(Tenant tenant) {
        return new PostgresLaneBoard(database.database(), tenant, NAMESPACE);
    }

    @Override
    public AuditLog auditLog() {
        return new PostgresAuditLog(database.database(), TENANT, NAMESPACE);
    }

    @Override
    public void age(Duration by) {
        try {
            database.execute(
                    "UPDATE lane_report SET reported_at = reported_at - '" + by + "'::interval");
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    @Override
    public void makeUnavailable() {
        database.makeUnavailable();
    }

    @Override
    public void makeAvailable() {
        database.makeAvailable();
    }
}
