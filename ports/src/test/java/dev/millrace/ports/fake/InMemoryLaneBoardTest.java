package dev.millrace.ports.fake;

import dev.millrace.domain.Tenant;
import dev.millrace.ports.contract.LaneBoardContract;
import dev.millrace.ports.operations.driven.AuditLog;
import dev.millrace.ports.operations.driven.LaneBoard;

import java.time.Duration;
import java.time.Instant;

final class InMemoryLaneBoardTest implements LaneBoardContract {

    private final SettableClock clock = new SettableClock(Instant.parse("2026-03-01T12:00:00Z"));
    private final InMemoryDatabase database = new InMemoryDatabase();

    @Override
    public LaneBoard board(Tenant tenant) {
        return new InMemoryLaneBoard(database, tenant, NAMESPACE, clock);
    }

    @Override
    public AuditLog auditLog() {
        return new InMemoryOperations(database, TENANT, NAMESPACE, clock);
    }

    @Override
    public void age(Duration by) {
        clock.advance(by);
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
