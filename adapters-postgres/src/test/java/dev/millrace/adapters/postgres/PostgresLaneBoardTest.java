package dev.millrace.adapters.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millrace.domain.Tenant;
import dev.millrace.domain.operations.LanePause;
import dev.millrace.domain.operations.Pausing;
import dev.millrace.ports.contract.LaneBoardContract;
import dev.millrace.ports.operations.driven.AuditLog;
import dev.millrace.ports.operations.driven.LaneBoard;

import org.junit.jupiter.api.Test;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

final class PostgresLaneBoardTest extends DatabaseTests implements LaneBoardContract {

    PostgresLaneBoardTest() throws SQLException {}

    @Test
    void a_pause_that_meets_the_end_of_another_waits_what_becomes_of_it() throws Exception {
        assertThat(board().report(FIRST, "p1", List.of())).isEmpty();
        LanePause first = ((Pausing.Paused) board().pause(FIRST, ANNA)).pause();
        try (Connection other = database.connect();
                Statement resumption = other.createStatement();
                ExecutorService person = Executors.newSingleThreadExecutor()) {
            other.setAutoCommit(false);
            resumption.execute("DELETE FROM lane_pause");
            Future<Pausing> given = person.submit(() -> board().pause(FIRST, BERT));
            database.awaitOneWaitingForALock();
            other.rollback();
            assertThat(given.get()).isEqualTo(new Pausing.AlreadyPaused(first));

            resumption.execute("DELETE FROM lane_pause");
            Future<Pausing> wanted = person.submit(() -> board().pause(FIRST, BERT));
            database.awaitOneWaitingForALock();
            other.commit();
            assertThat(wanted.get())
                    .isInstanceOfSatisfying(
                            Pausing.Paused.class,
                            paused -> assertThat(paused.pause().signature()).isEqualTo(BERT));
        }
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
}
