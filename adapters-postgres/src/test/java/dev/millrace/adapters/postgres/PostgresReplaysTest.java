package dev.millrace.adapters.postgres;

import dev.millrace.domain.Key;
import dev.millrace.domain.SubscriptionType;
import dev.millrace.ports.contract.ReplaysContract;
import dev.millrace.ports.counter.Count;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.Counted;
import dev.millrace.ports.driven.Inbox;
import dev.millrace.ports.operations.driven.AuditLog;
import dev.millrace.ports.operations.driven.FinishedRecords;
import dev.millrace.ports.operations.driven.Gaps;
import dev.millrace.ports.operations.driven.Replays;

import java.sql.SQLException;
import java.util.List;

final class PostgresReplaysTest extends DatabaseTests implements ReplaysContract {

    private static final CounterStateStore STATES = new CounterStateStore("counts");

    PostgresReplaysTest() throws SQLException {}

    @Override
    public Replays replays() {
        return new PostgresReplays(database.database(), TENANT, NAMESPACE);
    }

    @Override
    public FinishedRecords finished() {
        return new PostgresReplays(database.database(), TENANT, NAMESPACE);
    }

    @Override
    public Gaps<CountEvent, Count, Counted> gaps() {
        return new PostgresGaps<>(database.database(), COUNTS, SubscriptionType.KEY_SHARED, STATES);
    }

    @Override
    public Inbox<CountEvent, Count, Counted> inbox() {
        return new PostgresInbox<>(
                database.database(), COUNTS, SubscriptionType.KEY_SHARED, STATES);
    }

    @Override
    public AuditLog auditLog() {
        return new PostgresAuditLog(database.database(), TENANT, NAMESPACE);
    }

    @Override
    public List<Long> valuesOf(Key key) {
        return database
                .texts("SELECT value_after FROM counted WHERE key = ? ORDER BY number", key.value())
                .stream()
                .map(Long::valueOf)
                .toList();
    }
}
