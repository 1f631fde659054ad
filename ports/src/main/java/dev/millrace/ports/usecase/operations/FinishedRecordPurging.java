package dev.millrace.ports.usecase.operations;

import dev.millrace.domain.InvalidValue;
import dev.millrace.ports.driving.PurgeRecords;
import dev.millrace.ports.operations.driven.FinishedRecords;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;

/** Lets records of finished acts or jobs go when their retention is over. */
public final class FinishedRecordPurging implements PurgeRecords {

    private final Duration retention;
    private final int step;
    private final FinishedRecords records;
    private final InstantSource clock;

    /**
     * Purges records of one kind.
     *
     * @param retention how long they are kept once they are finished
     * @param step how many rows one transaction deletes at most
     */
    public FinishedRecordPurging(
            Duration retention, int step, FinishedRecords records, InstantSource clock) {
        if (!retention.isPositive()) {
            throw new InvalidValue("retention", "must be positive");
        }
        if (step < 1) {
            throw new InvalidValue("step", "must be at least 1");
        }
        this.retention = retention;
        this.step = step;
        this.records = Objects.requireNonNull(records);
        this.clock = Objects.requireNonNull(clock);
    }

    @Override
    public long purge() {
        Instant finishedBefore = clock.instant().minus(retention);
        long purged = 0;
        int last;
        do {
            last = records.purge(finishedBefore, step);
            purged += last;
        } while (last == step);
        return purged;
    }
}
