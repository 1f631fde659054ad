package dev.millrace.ports.fake;

import dev.millrace.ports.contract.RedrivesContract;
import dev.millrace.ports.operations.driven.Redrives;

import java.time.InstantSource;

final class InMemoryRedrivesTest extends InMemoryOperationsTables implements RedrivesContract {

    private final Redrives redrives =
            new InMemoryRedrives(database, operations, InstantSource.system());

    @Override
    public Redrives redrives() {
        return redrives;
    }
}
