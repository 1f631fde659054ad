package dev.millrace.ports.fake;

import dev.millrace.ports.contract.RetentionContract;
import dev.millrace.ports.driven.RecordStore;
import dev.millrace.ports.operations.driven.FinishedRecords;
import dev.millrace.ports.operations.driven.Redrives;

import java.time.InstantSource;

final class InMemoryRetentionTest extends InMemoryOperationsTables implements RetentionContract {

    private final InMemoryRedrives redrives =
            new InMemoryRedrives(database, operations, InstantSource.system());

    @Override
    public FinishedRecords acts() {
        return operations;
    }

    @Override
    public FinishedRecords jobs() {
        return redrives;
    }

    @Override
    public Redrives redrives() {
        return redrives;
    }

    @Override
    public RecordStore records() {
        return new InMemoryRecordStore(database);
    }
}
