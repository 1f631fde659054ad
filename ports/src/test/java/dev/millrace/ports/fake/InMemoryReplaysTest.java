package dev.millrace.ports.fake;

import dev.millrace.domain.Key;
import dev.millrace.ports.contract.ReplaysContract;
import dev.millrace.ports.counter.Count;
import dev.millrace.ports.counter.CountEvent;
import dev.millrace.ports.counter.Counted;
import dev.millrace.ports.counter.CounterStream;
import dev.millrace.ports.driven.Inbox;
import dev.millrace.ports.operations.driven.AuditLog;
import dev.millrace.ports.operations.driven.FinishedRecords;
import dev.millrace.ports.operations.driven.Gaps;
import dev.millrace.ports.operations.driven.Replays;

import java.time.InstantSource;
import java.util.List;

final class InMemoryReplaysTest implements ReplaysContract {

    private final InMemoryDatabase database = new InMemoryDatabase();
    private final InMemoryReplays replays =
            new InMemoryReplays(database, TENANT, NAMESPACE, InstantSource.system());
    private final InMemoryInbox<CountEvent, Count, Counted> inbox =
            new InMemoryInbox<>(
                    database,
                    COUNTS,
                    CounterStream.STREAM,
                    count -> count.value() >= 0,
                    InstantSource.system());
    private final InMemoryOperations operations =
            new InMemoryOperations(database, TENANT, NAMESPACE, InstantSource.system());

    @Override
    public Replays replays() {
        return replays;
    }

    @Override
    public FinishedRecords finished() {
        return replays;
    }

    @Override
    public Gaps<CountEvent, Count, Counted> gaps() {
        return new InMemoryGaps<>(replays, inbox);
    }

    @Override
    public Inbox<CountEvent, Count, Counted> inbox() {
        return inbox;
    }

    @Override
    public AuditLog auditLog() {
        return operations;
    }

    @Override
    public List<Long> valuesOf(Key key) {
        return inbox.effects(key).stream()
                .map(booked -> booked.accepted().effect().valueAfter())
                .toList();
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
